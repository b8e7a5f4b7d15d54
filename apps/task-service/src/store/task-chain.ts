import type { Payload } from '@arena/contracts';
import { send } from '@arena/db';
import type { ChainFact, ChainView } from '../core/task-chain.js';
import type { Tx } from './database.js';
import type { Prisma, TaskChain as Row } from './generated/client.js';

export type OnChain = ChainView & {
  /** What keeps the task here from being what the chain says. */
  conflict: string | null;
};

/** A second telling of the same fact changes nothing. */
export const keepFact = (tx: Tx, version: number, said: Payload<'task.registered.v1'>): Promise<void> =>
  send(
    tx,
    `INSERT INTO task_chain_facts (task, version, said) VALUES ($1::bigint, $2::bigint, $3::jsonb)
     ON CONFLICT DO NOTHING`,
    [said.task, version, JSON.stringify(said)],
  );

export async function findFacts(tx: Tx, task: number): Promise<ChainFact[]> {
  const rows = await tx.prisma.taskChainFact.findMany({ where: { task } });
  // Checked by the schema of its message when it came in, and written by nobody else.
  return rows.map(row => ({ version: Number(row.version), said: row.said as unknown as ChainFact['said'] }));
}

export async function findOnChain(tx: Tx, task: number): Promise<OnChain | null> {
  const row = await tx.prisma.taskChain.findUnique({ where: { task } });
  return row && fromRow(row);
}

/** `followed` is the version up to which the task here was brought. */
export async function saveOnChain(tx: Tx, task: number, chain: OnChain, followed: number): Promise<void> {
  const { version, status, creator, bounty, opening, transaction, block, conflict } = chain;
  const data: Omit<Prisma.TaskChainCreateInput, 'task'> = {
    version,
    status,
    creator,
    bounty,
    specHash: opening?.specHash ?? null,
    opensAt: opening?.schedule.opensAt ?? null,
    closesAt: opening?.schedule.closesAt ?? null,
    finalEndsAt: opening?.schedule.finalEndsAt ?? null,
    rankingRoot: chain.status === 'finalised' ? chain.rankingRoot : null,
    transaction,
    block,
    conflict,
    followed,
  };
  // Of a number that is no task here nothing is locked, so the newer of two that come at once must win by its version.
  const { count } = await tx.prisma.taskChain.createMany({ data: { task, ...data }, skipDuplicates: true });
  if (count === 0) await tx.prisma.taskChain.updateMany({ where: { task, version: { lte: version } }, data });
}

/** Tasks that facts were waiting for, and drafts whose datasets may be ready by now. */
export async function unfollowedTasks(tx: Tx): Promise<number[]> {
  const rows = await tx.query<{ task: bigint }>(
    `SELECT c.task FROM task_chain c JOIN tasks t ON t.task = c.task
     WHERE (c.followed < c.version OR c.conflict IS NOT NULL) AND (c.followed < c.version OR t.phase = 'draft')
     ORDER BY c.task LIMIT 100`,
  );
  return rows.map(row => Number(row.task));
}

function fromRow(row: Row): OnChain {
  const { creator, bounty, transaction, conflict, specHash, opensAt, closesAt, finalEndsAt, rankingRoot } = row;
  const registered = { version: Number(row.version), block: Number(row.block), creator, bounty, transaction, conflict };
  const opening =
    specHash && opensAt && closesAt && finalEndsAt ? { specHash, schedule: { opensAt, closesAt, finalEndsAt } } : null;
  const status = row.status as ChainView['status'];
  if (status === 'created' || status === 'verified') return { ...registered, status, opening: null };
  if (status === 'cancelled') return { ...registered, status, opening };
  if (!opening) throw new Error(`task ${row.task} is ${status} on chain and has no times`);
  return status === 'opened'
    ? { ...registered, status, opening }
    : { ...registered, status, opening, rankingRoot: rankingRoot ?? '' };
}
