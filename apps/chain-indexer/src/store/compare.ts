// Whether two schemas hold the same facts, and where they do not.
import type { Sql } from '@arena/db';
import { factTableNames } from '../core/fact-tables.js';

export interface Comparison {
  readonly table: string;
  readonly rows: number;
  /** Rows that only one of the two has, as JSON, a few of them. */
  readonly onlyLive: readonly string[];
  readonly onlyFresh: readonly string[];
  readonly equal: boolean;
}

const MOST_SHOWN = 10;

/** What is compared, by table: blocks without facts are kept or not as finality came. */
const compared: readonly (readonly [table: string, upTo: string])[] = [
  ...factTableNames.map(table => [table, 'block <= $1'] as const),
  ['blocks', 'number <= $1 and facts > 0'],
];

/** The rows' hashes are added up, so that neither order nor size matters; two sums, so that chance does not either. */
const digest = (schema: string, table: string, upTo: string): string => `
  select count(*)::int as rows,
    coalesce(sum(hashtextextended(told::text, 1)), 0) || ':' || coalesce(sum(hashtextextended(told::text, 2)), 0) as hash
  from ${schema}.${table} as told where ${upTo}`;

const only = (one: string, other: string, table: string, upTo: string): string => `
  select to_jsonb(told)::text as row from (
    select * from ${one}.${table} where ${upTo} except select * from ${other}.${table} where ${upTo}
  ) as told order by 1 limit ${MOST_SHOWN}`;

interface Digest {
  rows: number;
  hash: string;
}

export async function compare(sql: Sql, live: string, fresh: string, upTo: number): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const [table, condition] of compared) {
    const [[a], [b]] = await Promise.all([
      sql.query<Digest>(digest(live, table, condition), [upTo]),
      sql.query<Digest>(digest(fresh, table, condition), [upTo]),
    ]);
    const equal = a?.hash === b?.hash && a?.rows === b?.rows;
    const rowsOf = async (one: string, other: string) => {
      const rows = equal ? [] : await sql.query<{ row: string }>(only(one, other, table, condition), [upTo]);
      return rows.map(({ row }) => row);
    };
    const [onlyLive, onlyFresh] = [await rowsOf(live, fresh), await rowsOf(fresh, live)];
    found.push({ table, rows: a?.rows ?? 0, equal, onlyLive, onlyFresh });
  }
  return found;
}
