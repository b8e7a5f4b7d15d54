import type { Tx } from './database.js';

/** From here on intake goes on without a request: whoever is told that it was completed can rely on it. */
export const startIntake = (tx: Tx, submission: string) =>
  tx.query(`INSERT INTO intake (submission, step, run_at) VALUES ($1::uuid, 'assembling', now())`, [submission]);
