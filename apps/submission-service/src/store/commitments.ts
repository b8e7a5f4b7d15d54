import { Sha256, TaskNumber } from '@arena/contracts';
import { z } from 'zod';
import type { Tx } from './database.js';

const Row = z.object({
  task: TaskNumber,
  commitment: Sha256,
  registered_at: z.date(),
  submission: z.string().nullable(),
});

export interface StoredCommitment {
  task: TaskNumber;
  commitment: Sha256;
  registeredAt: Date;
  /** Opened by this one. */
  submission: string | null;
}

const COLUMNS = 'task, commitment, registered_at, submission';

function fromRow(row: unknown): StoredCommitment {
  const { registered_at: registeredAt, ...rest } = Row.parse(row);
  return { ...rest, registeredAt };
}

export interface CommitmentRef {
  task: number;
  account: string;
  commitment: string;
}

/** Only one at a time counts and registers for this account on this task; until the transaction ends. */
export const holdCommitments = (tx: Tx, { task, account }: CommitmentRef) =>
  tx.query(`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('commitments ' || $1::int || ' ' || $2, 0))`, [
    task,
    account,
  ]);

export async function findCommitment(
  tx: Tx,
  { task, account, commitment }: CommitmentRef,
): Promise<StoredCommitment | undefined> {
  const [row] = await tx.query(
    `SELECT ${COLUMNS} FROM commitments WHERE task = $1::int AND account = $2 AND commitment = $3`,
    [task, account, commitment],
  );
  return row && fromRow(row);
}

export const countUnopened = (tx: Tx, { task, account }: CommitmentRef): Promise<number> =>
  tx.prisma.commitment.count({ where: { task, account, submission: null } });

/** The time is the database's. */
export async function registerCommitment(
  tx: Tx,
  { task, account, commitment }: CommitmentRef,
): Promise<StoredCommitment> {
  const [row] = await tx.query(
    `INSERT INTO commitments (task, account, commitment) VALUES ($1::int, $2, $3) RETURNING ${COLUMNS}`,
    [task, account, commitment],
  );
  return fromRow(row);
}

/** Since when it stands; undefined when there is none, or it was opened before. */
export async function openCommitment(
  tx: Tx,
  { task, account, commitment }: CommitmentRef,
  submission: string,
): Promise<Date | undefined> {
  const [row] = await tx.query(
    `UPDATE commitments SET submission = $4::uuid
     WHERE task = $1::int AND account = $2 AND commitment = $3 AND submission IS NULL RETURNING ${COLUMNS}`,
    [task, account, commitment, submission],
  );
  if (!row) return undefined;
  await tx.prisma.submission.update({ where: { submission }, data: { commitment } });
  return fromRow(row).registeredAt;
}

/** It can be opened once more. */
export const closeCommitment = (tx: Tx, submission: string) =>
  tx.prisma.commitment.updateMany({ where: { submission }, data: { submission: null } });

export interface CommitmentQuery {
  account: string;
  task?: number | undefined;
  limit: number;
  before: { registeredAt: string; task: number; commitment: string } | undefined;
}

/** Newest first, one more than `limit`. */
export async function listCommitments(tx: Tx, query: CommitmentQuery): Promise<StoredCommitment[]> {
  const { account, task = null, limit, before } = query;
  const rows = await tx.query(
    `SELECT ${COLUMNS} FROM commitments
     WHERE account = $1 AND ($2::int IS NULL OR task = $2)
       AND ($3::timestamptz IS NULL OR (registered_at, task, commitment) < ($3, $4::int, $5))
     ORDER BY registered_at DESC, task DESC, commitment DESC LIMIT $6::int`,
    [account, task, before?.registeredAt ?? null, before?.task ?? null, before?.commitment ?? null, limit + 1],
  );
  return rows.map(fromRow);
}
