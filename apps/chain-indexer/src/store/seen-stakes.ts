// Tells of stakes that are not final yet, in the transaction of the step that applies or undoes them. Only program 0 has
// anybody who waits for it.
import { select, type Sql } from '@arena/db';
import { publish } from '@arena/outbox';
import { z } from 'zod';
import type { Outlook } from '../core/outlook.js';
import { seenMessage } from '../core/seen-stake.js';

/** Whose stake changed above block $1; what no event has words for (an unnamed role, no task) is left out. */
const changed = `
  select distinct program, task, role, account from stake_changes
  where block > $1 and program = 0 and role in (0, 1) and task between 1 and ${Number.MAX_SAFE_INTEGER}`;

/** What those who are told of have as of block $2; one who never had anything by then, as of block $3. */
const tell = (told: string): string => `
  with changed as (${changed}), told as (${told})
  select told.*, coalesce(last.total, 0) as total, blocks.number as block, blocks.hash, blocks.at
  from told
  left join lateral (
    select total, block from stake_changes as c
    where (c.program, c.task, c.role, c.account) = (told.program, told.task, told.role, told.account) and c.block <= $2
    order by c.ordinal desc limit 1
  ) as last on true
  join blocks on blocks.number = coalesce(last.block, $3)`;

const toAll = tell(`
  insert into seen_stakes as s (program, task, role, account, version) select *, 1 from changed
  on conflict (program, task, role, account) do update set version = s.version + 1
  returning s.*`);

/** A stake that nobody was told of need not be taken back. */
const toThoseWhoWereTold = tell(`
  update seen_stakes as s set version = s.version + 1 from changed as c
  where (s.program, s.task, s.role, s.account) = (c.program, c.task, c.role, c.account)
  returning s.*`);

const whole = z.bigint().transform(Number);
const Row = z.object({
  program: z.int(),
  task: whole,
  role: z.int(),
  account: z.string(),
  version: whole,
  total: z.string(),
  block: whole,
  hash: z.string(),
  at: z.date(),
});

/** After this block was applied: once for each account whose stake it changed, however often. */
export const tellSeen = (tx: Sql, block: number, outlook: Outlook): Promise<void> =>
  publishSeen(tx, toAll, [block - 1, block, block], outlook);

/**
 * Before what is above this block goes: what those accounts have without it. That one has nothing is said of a final
 * block, because a block in which nothing happened to it may go without another word.
 */
export const correctSeen = (tx: Sql, block: number, finalised: number, outlook: Outlook): Promise<void> =>
  publishSeen(tx, toThoseWhoWereTold, [block, block, finalised], outlook);

async function publishSeen(tx: Sql, text: string, values: readonly number[], outlook: Outlook): Promise<void> {
  const seen = await select(tx, Row, text, values);
  await publish(
    tx,
    seen.map(row => seenMessage(row, outlook)),
  );
}
