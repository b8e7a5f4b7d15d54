import { expect, it } from 'vitest';
import { carry, type Standing } from './carry.js';
import type { Fact } from './fact-tables.js';

const stake = (entity: string, at: number, total: number): Fact => ({
  table: 'stake_changes',
  block: at,
  index: 0,
  transaction: 't',
  at,
  values: [0, '1', 0, entity, '0', String(total)],
  entity,
});
const facts = [stake('a', 10, 5), stake('b', 12, 7), stake('a', 13, 100), stake('a', 13, 2), stake('a', 20, 0)];

it('counts the changes of each entity from one, and adds up what it held for how long', () => {
  expect(carry('stake_changes', facts, new Map())).toEqual([
    { ordinal: 1, weight: '0' },
    { ordinal: 1, weight: '0' },
    { ordinal: 2, weight: '15' },
    { ordinal: 3, weight: '15' },
    { ordinal: 4, weight: '29' },
  ]);
});

it('comes to the same however the facts are cut into steps', () => {
  const whole = carry('stake_changes', facts, new Map());
  for (let cut = 0; cut <= facts.length; cut++) {
    const before = carry('stake_changes', facts.slice(0, cut), new Map());
    const standings = new Map<string, Standing>();
    for (const [i, { entity, at, values }] of facts.slice(0, cut).entries()) {
      const { ordinal, weight } = before[i]!;
      standings.set(entity, { ordinal, at, total: BigInt(values[5]!), weight: BigInt(weight!) });
    }
    expect([...before, ...carry('stake_changes', facts.slice(cut), standings)]).toEqual(whole);
  }
});

it('keeps no weight where there is nothing to weigh', () => {
  const claim: Fact = { ...stake('a', 1, 0), table: 'claims', values: ['a', '1', 'r', '5', '5'] };
  expect(carry('claims', [claim, claim], new Map())).toEqual([
    { ordinal: 1, weight: null },
    { ordinal: 2, weight: null },
  ]);
});
