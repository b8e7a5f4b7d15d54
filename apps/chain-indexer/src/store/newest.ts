import type { Conditions } from './conditions.js';

const named = (table: string, columns: readonly string[]) => columns.map(column => `${table}.${column}`).join();

/**
 * The newest matching row of each entity, in the order of the entities: as `walk`, from index entry to index entry, so
 * that it costs what is taken of it, however long the list is and however often an entity changed. Whoever reads it
 * filters and limits, and no more: sorting or hashing would read all of it.
 */
export function walk(table: string, entity: readonly string[], where: Conditions): string {
  const order = `order by ${entity.join()}, ordinal desc limit 1`;
  return `recursive walk as (
      (select * from ${table} where ${where} ${order})
      union all
      select next.* from walk cross join lateral (
        select * from ${table} t where ${where} and (${named('t', entity)}) > (${named('walk', entity)}) ${order}
      ) next
    )`;
}

/** The same for the few rows of one account, which another index finds. */
export const pick = (table: string, entity: readonly string[], where: Conditions): string =>
  `walk as (
      select distinct on (${entity.join()}) * from ${table} where ${where} order by ${entity.join()}, ordinal desc
    )`;
