import { TaskNumber, type TaskSpec } from '@arena/contracts';
import { send } from '@arena/db';
import type { Schedule, TaskEvent, TaskState } from '../core/task.js';
import { nextMoveAt, scheduleOf } from '../core/task.js';
import type { Tx } from './database.js';
import type { Prisma, Task as Row } from './generated/client.js';
import { findOnChain, type OnChain } from './task-chain.js';

/** A task as the rest of the program knows it: its state is one of the union, not a row with nullable columns. */
export interface StoredTask {
  task: TaskNumber;
  spec: TaskSpec;
  specHash: string;
  state: TaskState;
  version: bigint;
  eventVersion: number;
  createdAt: Date;
  updatedAt: Date;
  /** What the registry on chain says of it; null while it is not on chain, and not read for lists. */
  chain: OnChain | null;
}

export async function createTask(tx: Tx, spec: TaskSpec, specHash: string, now: Date): Promise<StoredTask> {
  const [row] = await tx.query<{ task: TaskNumber }>(
    `INSERT INTO tasks (kind, phase, spec, spec_hash, created_at, updated_at)
     VALUES ($1, 'draft', $2::jsonb, $3, $4, $4) RETURNING task`,
    [spec.kind, JSON.stringify(spec), specHash, now],
  );
  if (!row) throw new Error('an INSERT answered no row');
  const state: TaskState = { phase: 'draft' };
  const stored = {
    task: row.task,
    spec,
    specHash,
    state,
    version: 1n,
    eventVersion: 0,
    createdAt: now,
    updatedAt: now,
    chain: null,
  };
  await saveChange(tx, stored, 'created', now, null);
  return stored;
}

export async function findTask(tx: Tx, task: number): Promise<StoredTask | undefined> {
  const row = await tx.prisma.task.findUnique({ where: { task } });
  return row ? { ...fromRow(row), chain: await findOnChain(tx, task) } : undefined;
}

/** What decides whether a task is seen and has changed: the first look of every read, and so a bare statement. */
export async function findVersion(tx: Tx, task: number): Promise<{ version: bigint; phase: string } | undefined> {
  const [row] = await tx.query<{ version: bigint; phase: string }>('SELECT version, phase FROM tasks WHERE task = $1', [
    task,
  ]);
  return row;
}

/** Locked until the transaction ends. */
export async function holdTask(tx: Tx, task: number): Promise<StoredTask | undefined> {
  if (!TaskNumber.safeParse(task).success) return undefined;
  await tx.query('SELECT 1 FROM tasks WHERE task = $1 FOR UPDATE', [task]);
  return findTask(tx, task);
}

/** One task whose time has come and that no other instance is moving. */
export async function holdDueTask(tx: Tx, now: Date): Promise<StoredTask | undefined> {
  const [due] = await tx.query<{ task: number }>(
    'SELECT task FROM tasks WHERE next_move_at <= $1 ORDER BY next_move_at LIMIT 1 FOR UPDATE SKIP LOCKED',
    [now],
  );
  return due ? findTask(tx, due.task) : undefined;
}

export async function nextDueAt(tx: Tx): Promise<Date | null> {
  const { _min } = await tx.prisma.task.aggregate({ _min: { nextMoveAt: true } });
  return _min.nextMoveAt;
}

export async function saveTask(tx: Tx, stored: StoredTask): Promise<void> {
  const { task, spec, state } = stored;
  const schedule = scheduleOf(state);
  await tx.prisma.task.update({
    where: { task },
    data: {
      kind: spec.kind,
      phase: state.phase,
      spec: spec as Prisma.InputJsonValue,
      specHash: stored.specHash,
      opensAt: schedule?.opensAt ?? null,
      closesAt: schedule?.closesAt ?? null,
      finalEndsAt: schedule?.finalEndsAt ?? null,
      pausedAt: 'pausedAt' in state ? state.pausedAt : null,
      rankingRoot: state.phase === 'finalised' ? state.rankingRoot : null,
      cancelledFor: state.phase === 'cancelled' ? state.reason : null,
      nextMoveAt: nextMoveAt(state),
      version: stored.version,
      eventVersion: BigInt(stored.eventVersion),
      updatedAt: stored.updatedAt,
    },
  });
}

export async function saveChange(
  tx: Tx,
  { task, state }: Pick<StoredTask, 'task' | 'state'>,
  what: TaskEvent | 'created',
  at: Date,
  reason: string | null,
): Promise<void> {
  const schedule = scheduleOf(state);
  await send(
    tx,
    `INSERT INTO task_changes (task, at, what, phase, reason, opens_at, closes_at, final_ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [task, at, what, state.phase, reason, schedule?.opensAt, schedule?.closesAt, schedule?.finalEndsAt],
  );
}

export interface TaskQuery {
  limit: number;
  before: number | undefined;
  phases: readonly string[];
  kind: string | undefined;
  closesBefore: string | undefined;
  closesAfter: string | undefined;
}

export async function listTasks(tx: Tx, query: TaskQuery): Promise<StoredTask[]> {
  const rows = await tx.prisma.task.findMany({
    where: {
      phase: { in: [...query.phases] },
      ...(query.before === undefined ? {} : { task: { lt: query.before } }),
      ...(query.kind ? { kind: query.kind } : {}),
      ...(query.closesBefore || query.closesAfter
        ? {
            closesAt: {
              ...(query.closesBefore ? { lt: query.closesBefore } : {}),
              ...(query.closesAfter ? { gt: query.closesAfter } : {}),
            },
          }
        : {}),
    },
    orderBy: { task: 'desc' },
    take: query.limit + 1,
  });
  return rows.map(fromRow);
}

export const listChanges = (tx: Tx, task: number, limit: number, after: bigint | undefined) =>
  tx.prisma.taskChange.findMany({
    where: { task, ...(after === undefined ? {} : { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: limit + 1,
  });

function fromRow(row: Row): StoredTask {
  const { task, spec, specHash, version, eventVersion, createdAt, updatedAt } = row;
  return {
    task: task as TaskNumber,
    // Checked by the schema when it came in, and written by nobody else.
    spec: spec as unknown as TaskSpec,
    specHash,
    state: stateOf(row),
    version,
    eventVersion: Number(eventVersion),
    createdAt,
    updatedAt,
    chain: null,
  };
}

function stateOf(row: Row): TaskState {
  const { opensAt, closesAt, finalEndsAt, pausedAt } = row;
  const schedule: Schedule | null = opensAt && closesAt && finalEndsAt ? { opensAt, closesAt, finalEndsAt } : null;
  if (row.phase === 'draft') return { phase: 'draft' };
  if (row.phase === 'verified') return { phase: 'verified', schedule };
  if (row.phase === 'cancelled') return { phase: 'cancelled', schedule, reason: row.cancelledFor ?? '' };
  if (!schedule) throw new Error(`task ${row.task} is in the phase ${row.phase} and has no times`);
  if (row.phase === 'finalised') return { phase: 'finalised', schedule, rankingRoot: row.rankingRoot ?? '' };
  if (row.phase === 'submission' || row.phase === 'final') return { phase: row.phase, schedule, pausedAt };
  throw new Error(`task ${row.task} is in the unknown phase ${row.phase}`);
}
