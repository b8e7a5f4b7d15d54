// What a row carries of the rows before it: how many changes its entity has seen, and the integral of its total over
// time. Both follow from the canonical facts alone, in the order of the chain, so they come out the same however the
// facts were cut into steps.
import { columnsOf, type Fact, type FactTable, specOf } from './fact-tables.js';

/** Where an entity stands. */
export interface Standing {
  readonly ordinal: number;
  readonly at: number;
  readonly total: bigint;
  readonly weight: bigint;
}

export interface Carried {
  readonly ordinal: number;
  /** In wei × seconds, decimal; null where the table keeps none. */
  readonly weight: string | null;
}

/** `standings`: of the entities of these facts, before them; those that are new are missing. All are of one table. */
export function carry(table: FactTable, facts: readonly Fact[], standings: ReadonlyMap<string, Standing>): Carried[] {
  const { weighed } = specOf(table);
  const total = columnsOf(table).indexOf('total');
  const running = new Map(standings);
  return facts.map(fact => {
    const before = running.get(fact.entity);
    const ordinal = (before?.ordinal ?? 0) + 1;
    if (!weighed) {
      running.set(fact.entity, { ordinal, at: fact.at, total: 0n, weight: 0n });
      return { ordinal, weight: null };
    }
    const weight = before ? before.weight + before.total * BigInt(fact.at - before.at) : 0n;
    running.set(fact.entity, { ordinal, at: fact.at, total: BigInt(fact.values[total] ?? 0), weight });
    return { ordinal, weight: weight.toString() };
  });
}
