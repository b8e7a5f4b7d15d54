// The ledger of submissions: each takes one place, which is spent, released or refunded, once.
import type { Tx } from './database.js';

export type QuotaState = 'reserved' | 'spent' | 'released' | 'refunded';

/** Only one at a time counts and takes a place in this account's quota on this task; until the transaction ends. */
export const holdQuota = (tx: Tx, task: number, account: string) =>
  tx.query(`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('quota ' || $1::int || ' ' || $2, 0))`, [
    task,
    account,
  ]);

/** When the places that count after `since` were taken, oldest first. */
export async function countingSince(tx: Tx, task: number, account: string, since: Date): Promise<Date[]> {
  const rows = await tx.query<{ at: Date }>(
    `SELECT at FROM quota_entries
     WHERE task = $1::int AND account = $2 AND at > $3::timestamptz AND state IN ('reserved', 'spent') ORDER BY at`,
    [task, account, since],
  );
  return rows.map(({ at }) => at);
}

export const reserveQuota = (tx: Tx, entry: { submission: string; task: number; account: string; at: Date }) =>
  tx.prisma.quotaEntry.create({ data: { ...entry, state: 'reserved' } });

export const settleQuota = (tx: Tx, submission: string, state: Exclude<QuotaState, 'reserved'>) =>
  tx.prisma.quotaEntry.updateMany({ where: { submission }, data: { state } });
