// Random schedules against a model of a chain: blocks, forks above finality, full mempools, foreign transactions of the
// same key, nodes that lag and deaths between any two steps. In the end each intent has happened exactly once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide, type Attempt, type ChainView, type Intent, type Receipt } from './decide.js';

const settings = { maxFeeCap: 10n ** 12n, minTip: 1n, rebroadcastMs: 2, bumpMs: 5 };
const FINALITY = 3;

interface Tx {
  hash: string;
  nonce: number;
  tip: bigint;
}

/** A chain as a list of blocks of transactions, and what is not mined yet. */
class Chain {
  blocks: Tx[][] = [[]];
  forks = 0;
  pool: Tx[] = [];
  final = 0;

  count(upTo = this.blocks.length - 1): number {
    return this.blocks.slice(0, upTo + 1).flat().length;
  }

  give(tx: Tx): void {
    const rival = this.pool.find(({ nonce }) => nonce === tx.nonce);
    if (tx.nonce < this.count() || (rival && tx.tip * 10n < rival.tip * 11n)) return;
    this.pool = [...this.pool.filter(({ nonce }) => nonce !== tx.nonce), tx];
  }

  mine(): void {
    const block: Tx[] = [];
    for (let tx = this.next(0); tx; tx = this.next(block.length)) block.push(tx);
    this.blocks.push(block);
    this.pool = this.pool.filter(({ nonce }) => nonce >= this.count());
    this.final = Math.max(this.final, this.blocks.length - 1 - FINALITY);
  }

  private next(already: number): Tx | undefined {
    return this.pool.find(({ nonce }) => nonce === this.count() + already);
  }

  /** Never below what is final; what was mined is forgotten or goes back to the pool. */
  fork(depth: number, forgets: boolean): void {
    const keep = Math.max(this.final + 1, this.blocks.length - depth);
    const dropped = this.blocks.slice(keep).flat();
    this.blocks = this.blocks.slice(0, keep);
    this.forks += 1;
    if (!forgets) for (const tx of dropped) this.give(tx);
  }

  receipt(hash: string): Receipt | undefined {
    const number = this.blocks.findIndex(block => block.some(tx => tx.hash === hash));
    return number < 0 ? undefined : { hash, block: { number, hash: `${number}/${this.forks}` }, succeeded: true };
  }
}

interface Row {
  state: Intent | { status: 'done' };
  hashes: string[];
}

type Event =
  | { on: 'round'; diesAfter: number; lags: boolean; loses: boolean }
  | { on: 'mine' }
  | { on: 'fork'; depth: number; forgets: boolean }
  | { on: 'foreign' }
  | { on: 'purge' };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ on: fc.constant('round' as const), diesAfter: fc.nat(6), lags: fc.boolean(), loses: fc.boolean() }) }, // prettier-ignore
  { weight: 4, arbitrary: fc.constant({ on: 'mine' as const }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('fork' as const), depth: fc.integer({ min: 1, max: 3 }), forgets: fc.boolean() }) }, // prettier-ignore
  { weight: 1, arbitrary: fc.constant({ on: 'foreign' as const }) },
  { weight: 1, arbitrary: fc.constant({ on: 'purge' as const }) },
);

function world(intents: number) {
  const chain = new Chain();
  const rows: Row[] = Array.from({ length: intents }, () => ({ state: { status: 'waiting', tryAt: 0 }, hashes: [] }));
  const taken = new Map<number, number>();
  let clock = 0;
  let signed = 0;

  const nextNonce = () => {
    for (let nonce = chain.count(); ; nonce++) if (!taken.has(nonce)) return nonce;
  };

  /** The same steps as the shell takes; `dies` says after which of them the process ends. */
  const round = ({ diesAfter, lags, loses }: Extract<Event, { on: 'round' }>) => {
    clock += 1;
    let steps = 0;
    const dies = () => (steps += 1) > diesAfter && diesAfter > 0;
    const receipts = new Map<string, Receipt>();
    for (const hash of rows.flatMap(({ hashes }) => hashes)) {
      const receipt = chain.receipt(hash);
      if (receipt && !lags) receipts.set(hash, receipt);
    }
    const market = { baseFee: 10n, tip: 1n };
    const view: ChainView = { market, finalised: chain.final, finalCount: chain.count(chain.final), receipts };
    for (const [index, row] of rows.entries()) {
      const { state } = row;
      if (state.status === 'done') continue;
      const action = decide(state, view, settings, clock);
      if (action.do !== 'wait' && dies()) return;
      switch (action.do) {
        case 'wait':
          break;
        case 'reserve': {
          const nonce = nextNonce();
          taken.set(nonce, index);
          row.state = { status: 'reserved', nonce, tryAt: 0 };
          break;
        }
        case 'sign': {
          if (state.status !== 'reserved' && state.status !== 'sent') throw new Error('signs what has no nonce');
          const attempts = state.status === 'sent' ? state.attempts : [];
          const hash = `${index}:${(signed += 1)}`;
          const attempt: Attempt = { hash, nonce: state.nonce, ...action.fees, signedAt: clock, broadcastAt: null };
          row.hashes.push(hash);
          row.state = { status: 'sent', nonce: state.nonce, attempts: [...attempts, attempt], tryAt: 0 };
          break;
        }
        case 'broadcast': {
          if (state.status !== 'sent') throw new Error('sends what is not signed');
          const attempt = state.attempts.find(({ hash }) => hash === action.hash);
          if (attempt && !loses) chain.give(attempt);
          if (dies()) return;
          const given = state.attempts.map(each => (each === attempt ? { ...each, broadcastAt: clock } : each));
          row.state = { ...state, attempts: given };
          break;
        }
        case 'mined':
          if (state.status === 'sent' || state.status === 'mined')
            row.state = { ...state, status: 'mined', hash: action.hash, block: action.block };
          break;
        case 'unmined':
          if (state.status === 'mined') row.state = { ...state, status: 'sent', tryAt: 0 };
          break;
        case 'finish':
          if (chain.receipt(action.hash)?.block.hash === action.block.hash) row.state = { status: 'done' };
          break;
        case 'prove-foreign': {
          if (state.status === 'waiting') break;
          const used = chain.blocks.flat().find(({ nonce }) => nonce === state.nonce);
          if (!used || row.hashes.includes(used.hash)) break;
          taken.delete(state.nonce);
          row.state = { status: 'waiting', tryAt: 0 };
          break;
        }
      }
    }
  };

  const happen = (now: Event) => {
    if (now.on === 'round') round(now);
    if (now.on === 'mine') chain.mine();
    if (now.on === 'fork') chain.fork(now.depth, now.forgets);
    if (now.on === 'purge') chain.pool = [];
    if (now.on === 'foreign') chain.give({ hash: `foreign:${(signed += 1)}`, nonce: chain.count(), tip: 10n ** 9n });
  };
  const effects = (index: number) => chain.blocks.flat().filter(({ hash }) => hash.startsWith(`${index}:`)).length;
  return { chain, rows, happen, effects };
}

const calm: Event = { on: 'round', diesAfter: 0, lags: false, loses: false };

it('makes every intent happen exactly once, whatever comes', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(event, { maxLength: 80, size: 'max' }), (intents, events) => {
      const { chain, rows, happen, effects } = world(intents);
      for (const each of events) {
        happen(each);
        for (const index of rows.keys()) expect(effects(index)).toBeLessThanOrEqual(1);
        const nonces = rows.flatMap(({ state }) => ('nonce' in state ? [state.nonce] : []));
        expect(new Set(nonces).size).toBe(nonces.length);
      }
      // Then the weather clears. A hole that a fork left below an intent is filled, as by the key's next transaction.
      for (let calmRounds = 0; calmRounds < 40; calmRounds++) {
        happen(calm);
        if (chain.pool.length > 0 && !chain.pool.some(({ nonce }) => nonce === chain.count()))
          happen({ on: 'foreign' });
        happen({ on: 'mine' });
      }
      expect(rows.map(({ state }) => state.status)).toEqual(rows.map(() => 'done'));
      expect([...rows.keys()].map(effects)).toEqual(rows.map(() => 1));
    }),
    { numRuns: Number(process.env['SCHEDULES'] ?? 500) },
  );
});
