import type { IntakeParts } from './parts.js';
import { blindKeysInUse } from '../../store/intake.js';

/** Longer than any put takes, though a key in use is known before its put begins. */
const GRACE_MS = 3_600_000;
/** Of the parts of a put that died. */
const UNFINISHED_MS = 24 * GRACE_MS;
const BATCH = 500;

/** Blind models that belong to nobody: of jobs that were rejected, withdrawn or lost while they were published. */
export async function sweepBlind({ database, blind, clock, log }: IntakeParts): Promise<number> {
  const now = clock().getTime();
  let removed = 0;
  const clear = async (keys: string[]) => {
    const used = await blindKeysInUse(database.read, keys);
    for (const key of keys.filter(key => !used.has(key))) {
      await blind.remove(key);
      removed += 1;
    }
  };
  let batch: string[] = [];
  for await (const key of blind.keysBefore(new Date(now - GRACE_MS))) {
    batch.push(key);
    if (batch.length < BATCH) continue;
    await clear(batch);
    batch = [];
  }
  await clear(batch);
  for await (const _ of blind.abortUnfinished(new Date(now - UNFINISHED_MS))) removed += 1;
  if (removed > 0) log.info({ removed }, 'blind models of nobody were cleared away');
  return removed;
}
