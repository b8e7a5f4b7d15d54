// The files of submissions as the object store knows them.
import { type ModelFile } from '@arena/contracts';
import type { z } from 'zod';
import type { Tx } from './database.js';
import type { StoredFile, StoredSubmission } from './submission-rows.js';
import { findSubmission, holdSubmission } from './submissions.js';

type FileName = z.output<typeof ModelFile>;

export const fileOf = ({ files }: StoredSubmission, file: FileName): StoredFile | undefined =>
  files.find(one => one.file === file);

/** Names the multipart upload of a file, unless another has named one first: the answer is what counts. */
export async function nameUpload(
  tx: Tx,
  submission: string,
  file: FileName,
  uploadId: string,
): Promise<StoredSubmission> {
  await tx.prisma.submissionFile.updateMany({
    where: { submission, file, uploadId: null, of: { state: 'uploading' } },
    data: { uploadId },
  });
  const named = await findSubmission(tx, submission);
  if (!named) throw new Error(`submission ${submission} is gone`);
  return named;
}

/** What the trainer says that each file hashes to. */
export async function claimFiles(
  tx: Tx,
  submission: string,
  claims: readonly { file: FileName; claimed: string }[],
): Promise<void> {
  for (const { file, claimed } of claims)
    await tx.prisma.submissionFile.update({ where: { submission_file: { submission, file } }, data: { claimed } });
}

/** Uploads whose time is over, locked; those that another instance has in hand are left to it. */
export async function holdOverdue(tx: Tx, now: Date, limit: number): Promise<StoredSubmission[]> {
  const rows = await tx.query<{ submission: string }>(
    `SELECT submission FROM submissions WHERE state = 'uploading' AND deadline <= $1::timestamptz
     ORDER BY deadline LIMIT $2::int FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  return found(await Promise.all(rows.map(({ submission }) => findSubmission(tx, submission))));
}

/** All that is being uploaded to a task, locked. */
export async function holdUploads(tx: Tx, task: number): Promise<StoredSubmission[]> {
  const rows = await tx.query<{ submission: string }>(
    `SELECT submission FROM submissions WHERE task = $1::int AND state = 'uploading' ORDER BY submission FOR UPDATE`,
    [task],
  );
  const held: StoredSubmission[] = [];
  for (const { submission } of rows) held.push(...found([await holdSubmission(tx, submission)]));
  return held;
}

const found = (all: readonly (StoredSubmission | undefined)[]) => all.filter(one => one !== undefined);

/** They are cleared away by and by. */
export const markUnwanted = (tx: Tx, submission: string, unwantedSince: Date) =>
  tx.prisma.submissionFile.updateMany({ where: { submission, cleared: false }, data: { unwantedSince } });

export const listUnwanted = (tx: Tx, limit: number): Promise<{ submission: string; file: string; key: string }[]> =>
  tx.prisma.submissionFile.findMany({
    where: { unwantedSince: { not: null } },
    orderBy: { unwantedSince: 'asc' },
    take: limit,
    select: { submission: true, file: true, key: true },
  });

export const forgetUnwanted = (tx: Tx, { submission, file }: { submission: string; file: string }) =>
  tx.prisma.submissionFile.update({
    where: { submission_file: { submission, file } },
    data: { unwantedSince: null, cleared: true },
  });

/** Which of these multipart uploads a submission still counts on. */
export async function uploadsInUse(tx: Tx, uploadIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.prisma.submissionFile.findMany({
    where: { uploadId: { in: [...uploadIds] }, of: { state: { in: ['uploading', 'inspecting'] } } },
    select: { uploadId: true },
  });
  return new Set(rows.flatMap(({ uploadId }) => uploadId ?? []));
}

/** At which of these keys a file of some submission lies. */
export async function keysInUse(tx: Tx, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.prisma.submissionFile.findMany({
    where: { key: { in: [...keys] }, cleared: false },
    select: { key: true },
  });
  return new Set(rows.map(({ key }) => key));
}
