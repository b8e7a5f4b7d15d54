import { setTimeout as wait } from 'node:timers/promises';
import { ObjectsError } from './errors.js';

export const mostAttempts = 6;
const firstDelayMs = 50;
const longestDelayMs = 2_000;

/** Doubles, with jitter, so that many callers do not come back at once. */
export function pause(failures: number): Promise<void> {
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
  return wait(delay * (0.5 + Math.random() / 2));
}

/** `untouched`: again only when the store cannot have acted, for calls that must not be done twice. */
export async function retrying<Result>(when: 'any' | 'untouched', attempt: () => Promise<Result>): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const passing =
        error instanceof ObjectsError && error.kind === 'unavailable' && (when === 'any' || error.untouched);
      if (!passing || failures >= mostAttempts) throw error;
      await pause(failures);
    }
  }
}
