// The steps of the follower, each one transaction: facts, blocks and progress move together or not at all.
import { crashPoint, type Database, send, type Sql } from '@arena/db';
import type { Header, Place } from '../core/block.js';
import type { Fact } from '../core/fact-tables.js';
import { groupBy } from '../core/group-by.js';
import type { Outlook } from '../core/outlook.js';
import type { LocalChain } from '../core/reconcile.js';
import { deleteFactsAbove, insertFacts } from './facts.js';
import { hold, moveTo } from './progress.js';
import { correctSeen, tellSeen } from './seen-stakes.js';

/** A named line between two durable steps, at which a test ends the world. */
export type Passage = (name: string) => void | Promise<void>;

export interface Steps {
  append(local: LocalChain, header: Header, facts: readonly Fact[], outlook: Outlook): Promise<LocalChain>;
  fill(local: LocalChain, headers: readonly Header[], end: Header, facts: readonly Fact[]): Promise<LocalChain>;
  rewind(local: LocalChain, to: Place, outlook: Outlook): Promise<LocalChain>;
  finalise(local: LocalChain, finalised: number): Promise<LocalChain>;
}

export function stepsOf(database: Database, passage: Passage = crashPoint): Steps {
  const step = async (
    name: string,
    local: LocalChain,
    write: (tx: Sql) => Promise<LocalChain>,
  ): Promise<LocalChain> => {
    await passage(`${name}.before`);
    const after = await database.transaction(async tx => {
      await hold(tx, local);
      const moved = await write(tx);
      await moveTo(tx, moved.head, moved.finalised);
      await passage(`${name}.in`);
      return moved;
    });
    await passage(`${name}.after`);
    return after;
  };

  return {
    append: (local, header, facts, outlook) =>
      step('append', local, async tx => {
        await insertFacts(tx, facts);
        await insertBlocks(tx, [header], facts);
        const { number, hash } = header;
        const staked = facts.some(({ table }) => table === 'stake_changes');
        if (staked && number > outlook.finalised) await tellSeen(tx, number, outlook);
        return { head: { number, hash }, finalised: local.finalised, hashes: new Map(local.hashes).set(number, hash) };
      }),

    fill: (local, headers, end, facts) =>
      step('fill', local, async tx => {
        await insertFacts(tx, facts);
        await insertBlocks(tx, headers, facts);
        await forgetEmpty(tx, end.number);
        const head = { number: end.number, hash: end.hash };
        return { head, finalised: end.number, hashes: new Map([[end.number, end.hash]]) };
      }),

    rewind: (local, to, outlook) =>
      step('rewind', local, async tx => {
        if (to.number < local.finalised) throw new RangeError(`block ${to.number} is below finality`);
        await correctSeen(tx, to.number, local.finalised, outlook);
        await deleteFactsAbove(tx, to.number);
        await send(tx, 'delete from blocks where number > $1', [to.number]);
        const hashes = new Map([...local.hashes].filter(([number]) => number <= to.number));
        return { head: { number: to.number, hash: to.hash }, finalised: local.finalised, hashes };
      }),

    finalise: (local, finalised) =>
      step('finalise', local, async tx => {
        await forgetEmpty(tx, finalised);
        const hashes = new Map([...local.hashes].filter(([number]) => number >= finalised));
        return { head: local.head, finalised, hashes };
      }),
  };
}

async function insertBlocks(tx: Sql, headers: readonly Header[], facts: readonly Fact[]): Promise<void> {
  const counts = groupBy(facts, fact => fact.block);
  await send(
    tx,
    `insert into blocks (number, hash, parent_hash, at, facts)
     select number, hash, parent_hash, to_timestamp(at), facts
     from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::int[]) as given (number, hash, parent_hash, at, facts)`,
    [
      headers.map(header => header.number),
      headers.map(header => header.hash),
      headers.map(header => header.parentHash),
      headers.map(header => header.at),
      headers.map(header => counts.get(header.number)?.length ?? 0),
    ],
  );
}

/** Below finality nobody asks for a block without facts any more. */
const forgetEmpty = (tx: Sql, finalised: number): Promise<void> =>
  send(tx, 'delete from blocks where number < $1 and facts = 0', [finalised]);
