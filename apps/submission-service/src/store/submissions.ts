import { uuidV7 } from '@arena/db';
import type { In, SubmissionState } from '../core/submission.js';
import type { Tx } from './database.js';
import type { Prisma } from './generated/client.js';
import { fromRow, toColumns, type StoredFile, type StoredSubmission } from './submission-rows.js';

export type { StoredFile, StoredSubmission };

export type NewFile = Pick<StoredFile, 'file' | 'filename' | 'size' | 'partSize' | 'key'>;

export interface NewSubmission extends Pick<StoredSubmission, 'task' | 'trainer' | 'supersedes' | 'createdAt'> {
  state: In<'uploading'>;
  files: readonly NewFile[];
}

export async function createSubmission(tx: Tx, fresh: NewSubmission): Promise<StoredSubmission> {
  const { state, files, createdAt, ...rest } = fresh;
  const row = await tx.prisma.submission.create({
    data: {
      submission: uuidV7(),
      ...rest,
      createdAt,
      ...toColumns(state),
      files: { create: files.map(({ size, ...file }) => ({ ...file, size: BigInt(size) })) },
      changes: { create: { version: 1n, at: createdAt, what: 'begun', state: state.state } },
    },
    include: { files: true },
  });
  return fromRow(row);
}

export async function findSubmission(tx: Tx, submission: string): Promise<StoredSubmission | undefined> {
  const row = await tx.prisma.submission.findUnique({ where: { submission }, include: { files: true } });
  return row ? fromRow(row) : undefined;
}

/** Locked until the transaction ends. */
export async function holdSubmission(tx: Tx, submission: string): Promise<StoredSubmission | undefined> {
  await tx.query('SELECT 1 FROM submissions WHERE submission = $1::uuid FOR UPDATE', [submission]);
  return findSubmission(tx, submission);
}

export interface SubmissionQuery {
  trainer: string;
  task?: number | undefined;
  state?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  before: { createdAt: string; submission: string } | undefined;
}

/** Newest first, one more than `limit`. */
export async function listSubmissions(tx: Tx, query: SubmissionQuery): Promise<StoredSubmission[]> {
  const { trainer, task, state, from, to, limit, before } = query;
  const where: Prisma.SubmissionWhereInput = {
    trainer,
    ...(task === undefined ? {} : { task }),
    ...(state === undefined ? {} : { state }),
    createdAt: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) },
    ...(before && {
      OR: [
        { createdAt: { lt: before.createdAt } },
        { createdAt: before.createdAt, submission: { lt: before.submission } },
      ],
    }),
  };
  const rows = await tx.prisma.submission.findMany({
    where,
    orderBy: [{ createdAt: 'desc' }, { submission: 'desc' }],
    take: limit + 1,
    include: { files: true },
  });
  return rows.map(fromRow);
}

export interface Change {
  what: string;
  reason?: string | null;
  at: Date;
}

/** `held` must be locked by this transaction. Each change has a version of its own, and whoever waits is woken by it. */
export async function saveChange(
  tx: Tx,
  held: StoredSubmission,
  state: SubmissionState,
  { what, reason = null, at }: Change,
): Promise<StoredSubmission> {
  const version = held.version + 1n;
  const { submission } = held;
  const columns = toColumns(state);
  await tx.prisma.submission.update({ where: { submission }, data: { version, ...columns } });
  await tx.prisma.submissionChange.create({
    data: { submission, version, at, what, state: state.state, reason, reasons: columns.reasons },
  });
  await tx.query(`SELECT pg_notify('submission_changed_' || current_schema(), $1)`, [`${submission} ${version}`]);
  return { ...held, version, state };
}
