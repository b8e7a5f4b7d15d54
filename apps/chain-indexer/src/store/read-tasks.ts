import type { Sql } from '@arena/db';
import type { TaskChangeName } from '../core/registry-task.js';
import { conditions } from './conditions.js';
import { place, type PlaceRow, withPlace } from './read-place.js';

export interface TaskChangeRow extends PlaceRow {
  change: TaskChangeName;
  other: string | null;
  amount: string | null;
  bounty: string | null;
  specHash: string | null;
  rankingRoot: string | null;
  opensAt: Date | null;
  closesAt: Date | null;
  finalEndsAt: Date | null;
  ordinal: bigint;
}

/** Oldest first; all of them without a limit. */
export function listTaskChanges(sql: Sql, task: number, page: { limit?: number; after?: bigint | undefined } = {}) {
  const where = conditions().and('task = ?', task).and('ordinal > ?', page.after);
  const limit = page.limit === undefined ? '' : `limit ${where.value(page.limit + 1)}`;
  return sql.query<TaskChangeRow>(
    `with found as (select * from task_changes where ${where} order by ordinal ${limit})
     select c.change, c.other, c.amount, c.bounty, c.spec_hash as "specHash", c.ranking_root as "rankingRoot",
       c.opens_at as "opensAt", c.closes_at as "closesAt", c.final_ends_at as "finalEndsAt", c.ordinal, ${place}
     from found c ${withPlace} order by c.ordinal`,
    where.values,
  );
}

export async function isRegistered(sql: Sql, task: number): Promise<boolean> {
  return (await sql.query('select from task_changes where task = $1 limit 1', [task])).length > 0;
}
