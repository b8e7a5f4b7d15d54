// What uploads leave behind. Rounds of several instances may overlap: taking a thing away twice is no fault.
import { crashPoint } from '@arena/db';
import type { Logger } from '@arena/observe';
import type { Clock } from '@arena/service';
import { expire } from '../core/submission.js';
import type { OriginalFiles } from '../files/original-files.js';
import type { SubmissionDatabase } from '../store/database.js';
import { forgetUnwanted, holdOverdue, keysInUse, listUnwanted, uploadsInUse } from '../store/submission-files.js';
import { moveSubmission } from '../store/submission-moves.js';

export interface SweeperParts {
  database: SubmissionDatabase;
  files: OriginalFiles;
  clock: Clock;
  log: Logger;
}

const BATCH = 100;
/** A small model is put away a moment before its row is there; by now one without a row will never have any. */
const ORPHAN_MS = 24 * 3_600_000;

/** Gives up the uploads whose time is over. */
export async function expireUploads(parts: SweeperParts): Promise<void> {
  const { database, clock, log } = parts;
  const at = clock();
  const expired = await database.transaction(async tx => {
    const overdue = await holdOverdue(tx, at, BATCH);
    for (const held of overdue)
      await moveSubmission(tx, held, expire(held.state, at), { what: 'abandoned', at, reason: 'Its time was over' });
    return overdue;
  });
  for (const { submission } of expired) log.info({ submission }, 'upload given up: its time is over');
  if (expired.length === BATCH) await expireUploads(parts);
}

/** Removes what lies in quarantine of uploads that were given up. */
export async function clearUnwanted({ database, files }: SweeperParts): Promise<void> {
  for (const { key, ...ref } of await listUnwanted(database.read, BATCH)) {
    await files.clearUpload(key);
    crashPoint('submission.cleared');
    await forgetUnwanted(database.read, ref);
  }
}

/** Takes away multipart uploads and objects that no submission counts on: something died between two steps. */
export async function removeOrphans(
  { database, files, clock, log }: SweeperParts,
  uploadSeconds: number,
): Promise<void> {
  const now = clock().getTime();
  const uploads = files.abortOrphans(new Date(now - uploadSeconds * 1_000), ids => uploadsInUse(database.read, ids));
  for await (const key of uploads) log.info({ key }, 'an upload that nobody counts on was aborted');
  const objects = files.removeOrphans(new Date(now - ORPHAN_MS), keys => keysInUse(database.read, keys));
  for await (const key of objects) log.info({ key }, 'a model that no submission knows was removed');
}
