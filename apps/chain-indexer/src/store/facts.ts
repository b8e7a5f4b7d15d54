// Facts in and out, for all tables alike. Columns travel as arrays and are spread by unnest: one statement a table,
// however many rows.
import { send, type Sql } from '@arena/db';
import { type Carried, carry, type Standing } from '../core/carry.js';
import { type Fact, type FactTable, factTableNames, type Kind, specOf, type Value } from '../core/fact-tables.js';
import { groupBy } from '../core/group-by.js';

/** A list as Postgres reads it, made here because nothing but free texts has to be quoted. */
function list<T>(kind: Kind, items: readonly T[], valueOf: (item: T, i: number) => string | number | null): string {
  let text = '{';
  for (let i = 0; i < items.length; i++) {
    const value = valueOf(items[i] as T, i);
    if (i > 0) text += ',';
    if (value === null) text += 'NULL';
    else text += kind === 'text' ? quoted(String(value)) : value;
  }
  return `${text}}`;
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const types: Partial<Record<Kind, string>> = { seconds: 'bigint', hex: 'text' };
const arrayOf = (kind: Kind): string => `${types[kind] ?? kind}[]`;
const selected = (name: string, kind: Kind): string => (kind === 'seconds' ? `to_timestamp(${name})` : name);

interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly of: (fact: Fact, carried: Carried) => Value;
}

const place: readonly Column[] = [
  { name: 'block', kind: 'bigint', of: fact => fact.block },
  { name: 'log_index', kind: 'int', of: fact => fact.index },
  { name: 'transaction', kind: 'hex', of: fact => fact.transaction },
  { name: 'at', kind: 'seconds', of: fact => fact.at },
];
const ordinal: Column = { name: 'ordinal', kind: 'bigint', of: (_fact, carried) => carried.ordinal };
const weight: Column = { name: 'weight', kind: 'numeric', of: (_fact, carried) => carried.weight };

function shapeOf(table: FactTable): Column[] {
  const own = Object.entries(specOf(table).columns).map(([name, kind], i): Column => ({
    name,
    kind,
    of: fact => fact.values[i] ?? null,
  }));
  return [...place, ...own, ordinal, ...(specOf(table).weighed ? [weight] : [])];
}

function insertInto(table: FactTable, shape: readonly Column[]): string {
  const names = shape.map(({ name }) => name).join();
  const arrays = shape.map(({ kind }, i) => `$${i + 1}::${arrayOf(kind)}`).join();
  const columns = shape.map(({ name, kind }) => selected(name, kind)).join();
  return `insert into ${table} (${names}) select ${columns} from unnest(${arrays}) as given (${names})`;
}

/** In the order of the chain, as they are given. */
export async function insertFacts(tx: Sql, facts: readonly Fact[]): Promise<void> {
  const groups = [...groupBy(facts, fact => fact.table)];
  const carried = await Promise.all(
    groups.map(async ([table, group]) => carry(table, group, await standingsOf(tx, table, group))),
  );
  for (const [i, [table, group]] of groups.entries()) await insert(tx, table, group, carried[i] ?? []);
}

async function insert(tx: Sql, table: FactTable, facts: readonly Fact[], carried: readonly Carried[]): Promise<void> {
  const shape = shapeOf(table);
  const columns = shape.map(({ kind, of }) => list(kind, facts, (fact, i) => of(fact, carried[i] as Carried)));
  await send(tx, insertInto(table, shape), columns);
}

async function standingsOf(tx: Sql, table: FactTable, facts: readonly Fact[]): Promise<Map<string, Standing>> {
  const { entity, weighed, columns } = specOf(table);
  const all = Object.keys(columns);
  const wanted = [...new Map(facts.map(fact => [fact.entity, fact])).values()];
  const kinds = entity.map(name => columns[name] as Kind);
  const arrays = ['$1::text[]', ...kinds.map((kind, i) => `$${i + 2}::${arrayOf(kind)}`)].join();
  const sums = weighed ? 'total, weight' : '0::numeric as total, 0::numeric as weight';
  const rows = await tx.query<{ key: string; ordinal: bigint; at: bigint; total: string; weight: string }>(
    `select wanted.key, last.ordinal, extract(epoch from last.at)::bigint as at, last.total, last.weight
     from unnest(${arrays}) as wanted (key, ${entity.join()})
     cross join lateral (
       select ordinal, at, ${sums} from ${table} as told
       where (${entity.map(name => `told.${name}`).join()}) = (${entity.map(name => `wanted.${name}`).join()})
       order by ordinal desc limit 1
     ) as last`,
    [
      list('text', wanted, fact => fact.entity),
      ...entity.map((name, i) => list(kinds[i] as Kind, wanted, ({ values }) => values[all.indexOf(name)] ?? null)),
    ],
  );
  return new Map(
    rows.map(({ key, ordinal, at, total, weight }) => [
      key,
      { ordinal: Number(ordinal), at: Number(at), total: BigInt(total), weight: BigInt(weight) },
    ]),
  );
}

export async function deleteFactsAbove(tx: Sql, block: number): Promise<void> {
  for (const table of factTableNames) await send(tx, `delete from ${table} where block > $1`, [block]);
}
