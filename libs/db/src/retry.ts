import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict } from './errors.js';

const attempts = 3;

/**
 * Runs again what Postgres undid for a conflict. A conflict is a definite answer, also at COMMIT; a lost connection
 * is not, so it is never retried here.
 */
export async function withRetry<R>(attempt: () => Promise<R>): Promise<R> {
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (n === attempts || !isConflict(error)) throw error;
      await sleep(Math.random() * 20 * n);
    }
  }
}
