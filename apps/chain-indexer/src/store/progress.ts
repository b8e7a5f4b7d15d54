// How far the indexer is. The row is locked and compared in each transaction that writes facts, so a writer that was
// overtaken while it slept writes nothing.
import { type Database, send, type Sql } from '@arena/db';
import { z } from 'zod';
import type { Header, Place } from '../core/block.js';
import type { LocalChain } from '../core/reconcile.js';

/** What these tables are about; other contracts need a schema of their own. */
export interface Subject {
  readonly chainId: number;
  readonly deployment: string;
}

/** Somebody else has moved the progress: what was worked out is about a state that is gone. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** The tables are about another chain, or other contracts. */
export class OtherSubject extends Error {
  override readonly name = 'OtherSubject';
}

const whole = z.bigint().transform(Number);
const Row = z.object({
  chain_id: whole,
  deployment: z.string(),
  head: whole,
  head_hash: z.string(),
  finalised: whole,
  hashes: z.record(z.string(), z.string()),
});

/** Our chain as it is now, in one look; undefined before the first block. */
export async function loadChain(sql: Sql, subject: Subject): Promise<LocalChain | undefined> {
  const [raw] = await sql.query(
    `select chain_id, deployment, head, head_hash, finalised,
       coalesce((select jsonb_object_agg(number, hash) from blocks where number >= finalised), '{}') as hashes
     from progress`,
  );
  if (!raw) return undefined;
  const row = Row.parse(raw);
  if (row.chain_id !== subject.chainId || row.deployment !== subject.deployment) {
    throw new OtherSubject(`the tables are of chain ${row.chain_id}, deployment ${row.deployment.slice(0, 12)}`);
  }
  const hashes = new Map(Object.entries(row.hashes).map(([number, hash]) => [Number(number), hash]));
  hashes.set(row.head, row.head_hash);
  return { head: { number: row.head, hash: row.head_hash }, finalised: row.finalised, hashes };
}

/** Where everything begins: the block before the first contract, once it is final. */
export async function begin(database: Database, subject: Subject, origin: Header): Promise<void> {
  const { number, hash, parentHash, at } = origin;
  await database.read.query(
    `with begun as (
       insert into progress (chain_id, deployment, head, head_hash, finalised, announced)
       values ($1, $2, $3, $4, $3, $3) on conflict do nothing returning head
     )
     insert into blocks (number, hash, parent_hash, at, facts) select head, $4, $5, to_timestamp($6), 0 from begun`,
    [subject.chainId, subject.deployment, number, hash, parentHash, at],
  );
}

/** The newest block that is applied, for those who only look. */
export async function headOf(sql: Sql): Promise<(Place & { at: Date }) | undefined> {
  const text = 'select number, hash, at from progress join blocks on number = head';
  const [row] = await sql.query<{ number: bigint; hash: string; at: Date }>(text);
  return row && { ...row, number: Number(row.number) };
}

/** Holds the progress for this transaction, if it is still what was read. */
export async function hold(tx: Sql, { head, finalised }: LocalChain): Promise<void> {
  const text = 'select 1 from progress where head = $1 and head_hash = $2 and finalised = $3 for update';
  const rows = await tx.query(text, [head.number, head.hash, finalised]);
  if (rows.length === 0)
    throw new Overtaken(`block ${head.number} is not the head any more: another writer is at work`);
}

export async function moveTo(tx: Sql, head: Place, finalised: number): Promise<void> {
  const text = 'update progress set head = $1, head_hash = $2, finalised = $3';
  await send(tx, text, [head.number, head.hash, finalised]);
}
