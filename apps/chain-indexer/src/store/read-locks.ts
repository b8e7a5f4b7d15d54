import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { place, type PlaceRow, withPlace } from './read-place.js';

export interface LockRow extends PlaceRow {
  account: string;
  lock: bigint;
  locked: string;
  gm: string;
  endsAt: Date;
}

/** Open locks, oldest first. A change tells of one lock by its deltas: together they are what it holds. */
export function listLocks(sql: Sql, account: string, limit: number, after: number | undefined) {
  const where = conditions().and('account = ?', account).and('lock > ?', after);
  return sql.query<LockRow>(
    `with open as (
       select account, lock, sum(locked_delta) as locked, sum(gm_delta) as gm, max(ordinal) as ordinal
       from lock_changes where ${where} group by account, lock
       having sum(locked_delta) > 0 order by lock limit ${where.value(limit + 1)}
     )
     select c.account, c.lock, open.locked, open.gm, c.ends_at as "endsAt", ${place}
     from open join lock_changes c on (c.account, c.ordinal) = (open.account, open.ordinal)
     ${withPlace} order by c.lock`,
    where.values,
  );
}
