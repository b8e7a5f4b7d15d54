import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { pick, walk } from './newest.js';
import { place, type PlaceRow, position, type Position, roleAsked, type Asked, withPlace } from './read-place.js';
import type { PlaceKey } from './read-stakes.js';

export interface DelegationRow extends Position, PlaceRow {
  operator: string;
  account: string;
  delta: string;
  total: string;
}
export interface UndelegationRow extends DelegationRow {
  readyAt: Date;
}

export type DelegationKey = [task: number, role: number, operator: string, account: string];

export interface DelegationsAsked extends Asked {
  account?: string | undefined;
  operator?: string | undefined;
  atBlock?: number | undefined;
}

const columns = `${position}, c.operator, c.account, c.delta, c.total, ${place}`;
const entity = ['task', 'role', 'operator', 'account'];

const matching = (asked: DelegationsAsked) =>
  conditions()
    .and('program = ?', asked.program)
    .and('task = ?', asked.task)
    .and('role = ?', roleAsked(asked))
    .and('operator = ?', asked.operator)
    .and('account = ?', asked.account)
    .and('block <= ?', asked.atBlock);

function newest(table: string, shown: string, asked: DelegationsAsked, limit: number, after?: DelegationKey) {
  const where = matching(asked).and('(task, role, operator, account) > (?, ?, ?, ?)', ...(after ?? [undefined]));
  const find = (asked.account ?? (asked.task === undefined && asked.operator)) ? pick : walk;
  const text = `with ${find(table, entity, where)}, found as (
      select * from walk where total > 0 limit ${where.value(limit + 1)}
    )
    select ${shown} from found c ${withPlace} order by c.task, c.role, c.operator, c.account`;
  return [text, where.values] as const;
}

/** The newest change of each delegation, up to a block; those that are zero by then are left out. */
export const listDelegations = (sql: Sql, asked: DelegationsAsked, limit: number, after?: DelegationKey) =>
  sql.query<DelegationRow>(...newest('delegation_changes', columns, asked, limit, after));

/** What is on its way back to the delegators. */
export const listUndelegations = (sql: Sql, asked: DelegationsAsked, limit: number, after?: DelegationKey) =>
  sql.query<UndelegationRow>(
    ...newest('undelegation_changes', `${columns}, c.ready_at as "readyAt"`, asked, limit, after),
  );

/** Newest first. */
export function listDelegationChanges(sql: Sql, asked: DelegationsAsked, limit: number, before?: PlaceKey) {
  const where = matching(asked).and('(block, log_index) < (?, ?)', ...(before ?? [undefined]));
  return sql.query<DelegationRow>(
    `with found as (
       select * from delegation_changes where ${where}
       order by block desc, log_index desc limit ${where.value(limit + 1)}
     )
     select ${columns} from found c ${withPlace} order by c.block desc, c.log_index desc`,
    where.values,
  );
}
