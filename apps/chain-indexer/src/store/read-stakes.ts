import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { pick, walk } from './newest.js';
import { place, type PlaceRow, position, type Position, roleAsked, type Asked, withPlace } from './read-place.js';

export interface StakeRow extends Position, PlaceRow {
  account: string;
  delta: string;
  total: string;
}

export type StakeKey = [task: number, role: number, account: string];
export type PlaceKey = [block: number, logIndex: number];

const columns = `${position}, c.account, c.delta, c.total, ${place}`;

export interface StakesAsked extends Asked {
  account?: string | undefined;
  atBlock?: number | undefined;
}

/** The newest change of each stake, up to a block; those that are zero by then are left out. */
export function listStakes(sql: Sql, asked: StakesAsked, limit: number, after: StakeKey | undefined) {
  const { program, task, account, atBlock } = asked;
  const where = conditions()
    .and('program = ?', program)
    .and('task = ?', task)
    .and('role = ?', roleAsked(asked))
    .and('account = ?', account)
    .and('block <= ?', atBlock)
    .and('(task, role, account) > (?, ?, ?)', ...(after ?? [undefined]));
  const find = account === undefined ? walk : pick;
  return sql.query<StakeRow>(
    `with ${find('stake_changes', ['task', 'role', 'account'], where)}, found as (
       select * from walk where total > 0 limit ${where.value(limit + 1)}
     )
     select ${columns} from found c ${withPlace} order by c.task, c.role, c.account`,
    where.values,
  );
}

/** Newest first. */
export function listStakeChanges(
  sql: Sql,
  asked: Asked & { account: string },
  limit: number,
  before: PlaceKey | undefined,
) {
  const where = conditions()
    .and('account = ?', asked.account)
    .and('program = ?', asked.program)
    .and('task = ?', asked.task)
    .and('role = ?', roleAsked(asked))
    .and('(block, log_index) < (?, ?)', ...(before ?? [undefined]));
  return sql.query<StakeRow>(
    `with found as (
       select * from stake_changes where ${where} order by block desc, log_index desc limit ${where.value(limit + 1)}
     )
     select ${columns} from found c ${withPlace} order by c.block desc, c.log_index desc`,
    where.values,
  );
}
