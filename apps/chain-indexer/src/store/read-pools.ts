// Pools are not kept: an operator's own stake, the newest state of each delegation to it, and its cuts make one.
import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { walk } from './newest.js';
import { place, type PlaceRow, position, type Position, roleAsked, type Asked, withPlace } from './read-place.js';
import type { StakeKey } from './read-stakes.js';

export interface PoolRow extends Position, PlaceRow {
  operator: string;
  own: string;
  delegated: string;
  delegators: number;
  since: Date;
}

export interface CutRow extends Position, PlaceRow {
  operator: string;
  cutPpm: number;
  effectiveAt: Date;
  inForce: boolean;
}

const ofOperator = '(d.program, d.task, d.role, d.operator) = (s.program, s.task, s.role, s.account)';

export function listPools(
  sql: Sql,
  asked: Asked & { operator?: string | undefined },
  limit: number,
  after: StakeKey | undefined,
) {
  const where = conditions()
    .and('program = ?', asked.program)
    .and('task = ?', asked.task)
    .and('role = ?', roleAsked(asked))
    .and('account = ?', asked.operator)
    .and('(task, role, account) > (?, ?, ?)', ...(after ?? [undefined]));
  return sql.query<PoolRow>(
    `with ${walk('stake_changes', ['task', 'role', 'account'], where)}, found as (
       select s.*, d.delegated, d.delegators from walk s
       cross join lateral (
         select coalesce(sum(total), 0) as delegated, (count(*) filter (where total > 0))::int as delegators from (
           select distinct on (d.account) d.total from delegation_changes d
           where ${ofOperator} order by d.account, d.ordinal desc
         ) newest
       ) d
       where s.total > 0 or d.delegated > 0 limit ${where.value(limit + 1)}
     )
     select ${position}, c.account as operator, c.total as own, c.delegated, c.delegators, f.at as since, ${place}
     from found c ${withPlace}
     join stake_changes f
       on (f.program, f.task, f.role, f.account, f.ordinal) = (c.program, c.task, c.role, c.account, 1)
     order by c.task, c.role, c.account`,
    where.values,
  );
}

/**
 * The cut in force at the newest block, and the one announced, of each of these pools. A cut that another one
 * followed before it took effect never took effect.
 */
export function readCuts(sql: Sql, pools: readonly Position[], operators: readonly string[]) {
  return sql.query<CutRow>(
    `with asked as (
       select * from unnest($1::int[], $2::bigint[], $3::int[], $4::text[]) as asked (program, task, role, operator)
     ), now as (
       select b.at from progress p join blocks b on b.number = p.head
     ), found as (
       select c.*, c.effective_at <= now.at as in_force,
         row_number() over (partition by c.program, c.task, c.role, c.operator, c.effective_at <= now.at order by c.ordinal desc) as place
       from asked
       join cut_changes c using (program, task, role, operator)
       cross join now
       where not exists (
         select from cut_changes later
         where (later.program, later.task, later.role, later.operator) = (c.program, c.task, c.role, c.operator)
           and later.ordinal > c.ordinal and later.at < c.effective_at
       )
     )
     select ${position}, c.operator, c.cut_ppm as "cutPpm", c.effective_at as "effectiveAt", c.in_force as "inForce", ${place}
     from found c ${withPlace} where c.place = 1`,
    [pools.map(pool => pool.program), pools.map(pool => pool.task), pools.map(pool => pool.role), operators],
  );
}
