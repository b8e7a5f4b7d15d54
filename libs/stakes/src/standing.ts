import type { Sql } from '@arena/db';
import { isStaked, type StakeRole } from './reading.js';

/** Of an account on a task. Who waits may go ahead with what can be taken back, and with nothing else. */
export type StakeStanding =
  | 'final'
  | {
      waiting: 'stake-final';
      /** An estimate; it may have passed. */
      expectedFinalAt: Date;
    }
  | 'none';

/**
 * What was seen counts until an hour after it should have been final: either it was undone, or nobody can say when it
 * will be. It does not count against something final that is younger.
 */
export async function stakeStanding(
  sql: Sql,
  task: number,
  role: StakeRole,
  account: string,
  minimum = 1n,
): Promise<StakeStanding> {
  if (await isStaked(sql, task, role, account, minimum)) return 'final';
  const [seen] = await sql.query<{ expected_final_at: Date }>(
    `SELECT s.expected_final_at
     FROM seen_stakes s LEFT JOIN known_stakes k USING (program, task, role, account)
     WHERE program = 0 AND task = $1 AND role = $2 AND account = $3 AND s.total >= greatest($4::numeric, 1)
       AND s.expected_final_at > now() - interval '1 hour' AND s.block >= coalesce(k.block, 0)`,
    [task, role, account, minimum],
  );
  return seen ? { waiting: 'stake-final', expectedFinalAt: seen.expected_final_at } : 'none';
}
