// Final facts that have not left as events yet, and the mark up to which they have.
import { select, type Sql } from '@arena/db';
import { z } from 'zod';
import { announcedTables, announcedTaskChanges, type AnnouncedRow } from '../core/announcement.js';

export interface Outstanding {
  readonly announced: number;
  readonly finalised: number;
}

/** Holds the mark: of two announcers one waits here, and then sees what the other did. */
export async function holdMark(tx: Sql): Promise<Outstanding | undefined> {
  const text = 'select announced, finalised from progress where announced < finalised for update';
  const [row] = await tx.query<{ announced: bigint; finalised: bigint }>(text);
  return row && { announced: Number(row.announced), finalised: Number(row.finalised) };
}

/** The block up to which about `most` facts lie, whole blocks only; all when there are fewer. */
export async function blockWithin(tx: Sql, { announced, finalised }: Outstanding, most: number): Promise<number> {
  const [row] = await tx.query<{ block: bigint | null }>(
    `select min(number) as block from (
       select number, sum(facts) over (order by number) as facts from blocks where number > $1 and number <= $2
     ) as counted where facts >= $3`,
    [announced, finalised, most],
  );
  return Number(row?.block ?? finalised);
}

// A bounty's changes count in a task's ordinal but have no event: the versions of those that have must leave no gap.
const taskVersion = `(
  select count(*) from task_changes as earlier
  where earlier.task = fact.task and earlier.ordinal <= fact.ordinal and ${announcedTasks('earlier')}
)`;

function announcedTasks(alias: string): string {
  return `${alias}.change in (${announcedTaskChanges.map(change => `'${change}'`).join()})`;
}

const factsOf = (table: string): string => `
  select '${table}' as "table", fact.block, fact.log_index, fact.transaction, fact.at,
    ${table === 'task_changes' ? taskVersion : 'fact.ordinal'} as version, 
    (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(fact))) as "row"
  from ${table} as fact
  where fact.block > $1 and fact.block <= $2 ${table === 'task_changes' ? `and ${announcedTasks('fact')}` : ''}`;

const facts = `
  select facts.*, blocks.hash from (${announcedTables.map(factsOf).join(' union all ')}) as facts
  join blocks on blocks.number = facts.block
  order by facts.block, facts.log_index`;

const Row = z
  .object({
    table: z.string(),
    block: z.bigint().transform(Number),
    log_index: z.int(),
    transaction: z.string(),
    at: z.date(),
    version: z.bigint().transform(Number),
    hash: z.string(),
    row: z.record(z.string(), z.string().nullable()),
  })
  .transform(({ log_index: index, at, ...row }): AnnouncedRow => ({ ...row, index, at: at.toISOString() }));

export const factsBetween = (tx: Sql, above: number, to: number): Promise<AnnouncedRow[]> =>
  select(tx, Row, facts, [above, to]);

export async function moveMark(tx: Sql, to: number): Promise<void> {
  await tx.query('update progress set announced = $1', [to]);
}
