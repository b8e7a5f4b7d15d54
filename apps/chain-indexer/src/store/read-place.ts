// Where the facts stand that a query found, joined when they are few: the hash of their block, and how safe they are.
import type { Sql } from '@arena/db';
import { DomainError } from '@arena/problem';

export interface PlaceRow {
  block: bigint;
  blockHash: string;
  at: Date;
  transaction: string;
  logIndex: number;
  head: bigint;
  finalised: bigint;
}

/** Of the fact `c`, in a query that has `withPlace`. */
export const place = `c.block, b.hash as "blockHash", c.at, c.transaction, c.log_index as "logIndex", p.head, p.finalised`;
export const withPlace = 'join blocks b on b.number = c.block cross join progress p';

export function toFact({ block, blockHash, at, transaction, logIndex, head, finalised }: PlaceRow) {
  return {
    block: Number(block),
    blockHash,
    time: at.toISOString(),
    transaction,
    logIndex,
    confirmations: Number(head - block) + 1,
    finalised: block <= finalised,
  };
}

export interface Position {
  program: number;
  task: bigint;
  role: number;
}
export const position = 'c.program, c.task, c.role';

const roles = ['trainer', 'validator'];
export const roleName = (role: number): string => roles[role] ?? `role-${role}`;
export const roleNumber = (name: string): number =>
  roles.includes(name) ? roles.indexOf(name) : Number(name.slice('role-'.length));

export const toPosition = ({ program, task, role }: Position) => ({
  program,
  task: Number(task),
  role: roleName(role),
});

export interface Asked {
  program: number;
  task?: number | undefined;
  role?: string | undefined;
}
export const roleAsked = ({ role }: Asked): number | undefined => (role === undefined ? undefined : roleNumber(role));

export interface Reach {
  chainId: bigint;
  head: bigint;
  headHash: string;
  finalised: bigint;
  announced: bigint;
}

export async function readReach(sql: Sql): Promise<Reach | undefined> {
  const [row] = await sql.query<Reach>(
    'select chain_id as "chainId", head, head_hash as "headHash", finalised, announced from progress',
  );
  return row;
}

/** A block that is not indexed yet has no answer that would stay true. */
export async function assertReached(sql: Sql, block: number | undefined): Promise<void> {
  if (block === undefined) return;
  const reach = await readReach(sql);
  if (!reach || reach.head < BigInt(block))
    throw new DomainError('chain/not-reached', { detail: `The newest indexed block is ${reach?.head ?? 'none'}.` });
}
