// What uploads leave behind. Rounds of several instances may overlap: taking a thing away twice is no fault.
import { crashPoint } from '@arena/db';
import type { Logger } from '@arena/observe';
import type { Clock } from '@arena/service';
import { expire } from '../core/dataset-version.js';
import type { DatasetFiles } from '../files/dataset-files.js';
import type { TaskDatabase } from '../store/database.js';
import { forgetUpload, holdOverdueUploads, listLeftovers, uploadsInUse } from '../store/dataset-uploads.js';
import { saveVersionState } from '../store/datasets.js';

export interface SweeperParts {
  database: TaskDatabase;
  files: DatasetFiles;
  clock: Clock;
  log: Logger;
}

const BATCH = 100;

/** Gives up the uploads whose time is over. */
export async function expireUploads(parts: SweeperParts): Promise<void> {
  const { database, clock, log } = parts;
  const now = clock();
  const expired = await database.transaction(async tx => {
    const overdue = await holdOverdueUploads(tx, now, BATCH);
    for (const version of overdue) await saveVersionState(tx, version, expire(version.state, now));
    return overdue;
  });
  for (const { dataset, version } of expired) log.info({ dataset, version }, 'upload given up: its time is over');
  if (expired.length === BATCH) await expireUploads(parts);
}

/** Removes the upload of every finished version: verified bytes lie elsewhere by now, all others are not wanted. */
export async function clearLeftovers({ database, files }: SweeperParts): Promise<void> {
  for (const { ref, uploadKey } of await listLeftovers(database.read, BATCH)) {
    await files.clearUpload(uploadKey);
    crashPoint('dataset.cleared');
    await forgetUpload(database.read, ref);
  }
}

/** Aborts multipart uploads that no version counts on. */
export async function abortOrphans(
  { database, files, clock, log }: SweeperParts,
  uploadSeconds: number,
): Promise<void> {
  const before = new Date(clock().getTime() - uploadSeconds * 1_000);
  for await (const uploadKey of files.abortOrphans(before, ids => uploadsInUse(database.read, ids)))
    log.info({ uploadKey }, 'an upload that nobody counts on was aborted');
}
