// What happens after "complete": the parts are put together, what landed is read back and hashed, and verified bytes
// are copied to where their hash says. Every step can be taken twice, by two processes at once as well, and the last
// one writes only where the version still waits for it: so a process may be killed anywhere, and whoever takes the
// version up again starts over and ends in the same state.
import { crashPoint } from '@arena/db';
import type { Logger } from '@arena/observe';
import type { Clock } from '@arena/service';
import { clash } from '../core/dataset-sight.js';
import { keptAt } from '../core/dataset-key.js';
import { fail, judge, type In } from '../core/dataset-version.js';
import type { DatasetFiles } from '../files/dataset-files.js';
import type { TaskDatabase } from '../store/database.js';
import {
  postponeVerifying,
  purposesOfBytes,
  raiseLatest,
  takeUnverified,
  type UnverifiedVersion,
} from '../store/dataset-uploads.js';
import { holdVersion, saveVersionState } from '../store/datasets.js';

export interface VerifierParts {
  database: TaskDatabase;
  files: DatasetFiles;
  clock: Clock;
  log: Logger;
  /** Leaves the work to others. */
  stopping: AbortSignal;
  /** How long a killed verifier's work waits for another. */
  leaseMs?: number;
  /** How long to leave the object store alone after it failed us. */
  restMs?: number;
}

type Verdict = In<'ready'> | In<'failed'>;

/** Verifies the version that waits longest; tells whether there was one. */
export async function verifyNext(parts: VerifierParts): Promise<boolean> {
  const { database, log, stopping, leaseMs = 30_000, restMs = 5_000 } = parts;
  const version = await takeUnverified(database.read, leaseMs);
  if (!version) return false;
  const { dataset, version: number } = version;
  const lease = setInterval(() => void postponeVerifying(database.read, version, leaseMs).catch(() => {}), leaseMs / 3);
  try {
    await settle(parts, version, await examine(parts, version));
  } catch (error) {
    if (!stopping.aborted) log.warn({ err: error, dataset, version: number }, 'verifying is put off');
    clearInterval(lease);
    await postponeVerifying(database.read, version, stopping.aborted ? 0 : restMs);
  } finally {
    clearInterval(lease);
  }
  return true;
}

async function examine({ files, clock, stopping }: VerifierParts, version: UnverifiedVersion): Promise<Verdict> {
  const { state, size, uploadKey, uploadId, purpose } = version;
  const fault = await files.assemble(uploadKey, uploadId, version);
  if (fault !== undefined) return fail(state.claimed, fault);
  crashPoint('dataset.assembled');
  const landed = await files.digest(uploadKey, stopping);
  const verdict = judge(state, size, landed, keptAt(purpose, uploadKey, landed.sha256), clock());
  if (verdict.state === 'ready') {
    await files.keep(uploadKey, verdict.key, size);
    crashPoint('dataset.kept');
  }
  return verdict;
}

async function settle({ database, log }: VerifierParts, version: UnverifiedVersion, verdict: Verdict): Promise<void> {
  const { dataset, version: number, purpose } = version;
  const settled = await database.transaction(async tx => {
    const held = await holdVersion(tx, version);
    if (held?.state.state !== 'verifying') return undefined;
    const clashing = verdict.state === 'ready' ? clash(purpose, await purposesOfBytes(tx, verdict.sha256)) : undefined;
    const next = clashing === undefined ? verdict : fail(verdict.claimed, clashing);
    await saveVersionState(tx, version, next);
    if (next.state === 'ready') await raiseLatest(tx, version);
    return next;
  });
  crashPoint('dataset.settled');
  if (settled) log.info({ dataset, version: number, state: settled.state }, 'dataset version verified');
}
