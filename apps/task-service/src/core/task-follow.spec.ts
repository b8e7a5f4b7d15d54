import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payload } from '@arena/contracts';
import { assertOffChain, assertUncommitted, chainView, type ChainFact, type ChainView } from './task-chain.js';
import { follow, type Here } from './task-follow.js';
import { decide, scheduleOf, type TaskState } from './task.js';

type Said = Payload<'task.registered.v1'>;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const schedule = { opensAt: at(10), closesAt: at(20), finalEndsAt: at(30) };
const [good, other] = ['a'.repeat(64), 'b'.repeat(64)] as const;
const root = `0x${'1'.repeat(64)}`;
const place = { task: 1, block: 1, blockHash: root, blockTime: at(0).toISOString(), transaction: root, logIndex: 0 };
const told = (times: typeof schedule) => ({
  opensAt: times.opensAt.toISOString(),
  closesAt: times.closesAt.toISOString(),
  finalEndsAt: times.finalEndsAt.toISOString(),
});

const said = {
  created: { change: 'created', creator: `0x${'c'.repeat(40)}`, bounty: '5', ...place } as Said,
  verified: { change: 'verified', ...place } as Said,
  opened: { change: 'opened', specHash: `0x${good}`, schedule: told(schedule), ...place } as Said,
  extended: (times: typeof schedule) => ({ change: 'extended', schedule: told(times), ...place }) as Said,
  finalised: { change: 'finalised', rankingRoot: root, ...place } as Said,
  cancelled: { change: 'cancelled', ...place } as Said,
};
const facts = (...list: Said[]): ChainFact[] => list.map((one, i) => ({ version: i + 1, said: one }));
const view = (...list: Said[]): ChainView => chainView(facts(...list))!;

const draft: TaskState = { phase: 'draft' };
const here = (state: TaskState = draft, changed: Partial<Here> = {}): Here => ({
  state,
  specHash: good,
  datasetFaults: [],
  ...changed,
});
const whatOf = ({ steps }: ReturnType<typeof follow>) => steps.map(step => step.what);

describe('a task on chain', () => {
  const open = [said.created, said.verified, said.opened] as const;

  it('is verified and scheduled as the chain says', () => {
    expect(follow(here(), view(said.created), at(0))).toEqual({ steps: [], conflict: null });
    expect(whatOf(follow(here(), view(said.created, said.verified), at(0)))).toEqual(['verified']);
    const opened = follow(here(), view(...open), at(0));
    expect([whatOf(opened), opened.conflict]).toEqual([['verified', 'scheduled'], null]);
    expect(opened.steps.at(-1)?.state).toEqual({ phase: 'verified', schedule });
  });

  it('keeps the times of the chain to the second when its events come late, and catches up', () => {
    const { steps } = follow(here(), view(...open), at(25));
    expect(steps.map(step => step.what)).toEqual(['verified', 'scheduled', 'opened', 'closed']);
    expect(scheduleOf(steps.at(-1)!.state)).toEqual(schedule);
  });

  it('waits with its opening for the spec that the chain has committed to', () => {
    const wrong = follow(here(draft, { specHash: other }), view(...open), at(12));
    expect([wrong.steps, wrong.conflict]).toEqual([[], expect.stringContaining(`but the spec here is 0x${other}`)]);
  });

  it('waits with its verification for its datasets', () => {
    const faults = here(draft, { datasetFaults: ['/spec/data/hiddenA: it is not ready'] });
    for (const chain of [view(said.created, said.verified), view(...open)])
      expect(follow(faults, chain, at(0))).toEqual({ steps: [], conflict: expect.stringContaining('hiddenA') });
  });

  it('waits for what has not come yet', () => {
    const [created, verified, opened] = facts(...open);
    expect(chainView([opened!])).toBeUndefined();
    expect(chainView([opened!, created!])?.status).toBe('created');
    expect(chainView([opened!, created!, verified!])?.status).toBe('opened');
  });

  it('extends as the chain says, also while it is paused, and does not open again what has closed', () => {
    const later = { ...schedule, closesAt: at(22) };
    const chain = view(...open, said.extended(later));
    const paused: TaskState = { phase: 'submission', schedule, pausedAt: at(15) };
    expect(follow(here(paused), chain, at(21)).steps).toEqual([{ what: 'extended', state: { ...paused, schedule: later } }]); // prettier-ignore
    const closed: TaskState = { phase: 'final', schedule, pausedAt: null };
    expect(follow(here(closed), chain, at(21))).toEqual({
      steps: [{ what: 'extended', state: { ...closed, schedule: later } }],
      conflict: expect.stringContaining('stay closed'),
    });
  });

  it('is finalised and cancelled whatever we think of it', () => {
    const paused: TaskState = { phase: 'submission', schedule, pausedAt: at(15) };
    const end = follow(here(paused), view(...open, said.finalised), at(16));
    expect([whatOf(end), end.conflict]).toEqual([['closed', 'finalised'], null]);
    const wrong = follow(here(draft, { specHash: other }), view(...open, said.finalised), at(40));
    expect([whatOf(wrong), wrong.conflict]).toEqual([['finalised'], expect.stringContaining('the spec here is')]);
    expect(whatOf(follow(here(draft, { specHash: other }), view(...open, said.cancelled), at(15)))).toEqual(['cancelled']); // prettier-ignore
  });

  it('keeps its end here when the chain knows another one, and says so', () => {
    const cancelled: TaskState = { phase: 'cancelled', schedule: null, reason: 'no' };
    expect(follow(here(cancelled), view(said.created), at(0)).conflict).toContain(
      'cancelled here, and created on chain',
    );
    const finalised: TaskState = { phase: 'finalised', schedule, rankingRoot: root };
    expect(follow(here(finalised), view(...open, said.finalised), at(40))).toEqual({ steps: [], conflict: null });
    const elsewhere = follow(here({ ...finalised, rankingRoot: '0x' }), view(...open, said.finalised), at(40));
    expect(elsewhere.conflict).toContain('finalised here');
  });

  it('forgets times that were set here before it was on chain', () => {
    const { steps } = follow(here({ phase: 'verified', schedule }), view(said.created), at(0));
    expect(steps.at(-1)?.state).toEqual({ phase: 'verified', schedule: null });
    const running: TaskState = { phase: 'submission', schedule, pausedAt: null };
    expect(follow(here(running), view(said.created), at(12)).conflict).toContain('opened here before');
  });

  it('is moved by no route any more, but for the brake', () => {
    const chain = view(said.created);
    const schedule_ = { do: 'open', schedule } as const;
    const refused = [{ do: 'verify' }, schedule_, { do: 'extend' }, { do: 'cancel', reason: '' }, { do: 'finalise', rankingRoot: '' }] as const; // prettier-ignore
    for (const command of refused) {
      expect(() => assertOffChain(chain, command)).toThrow('task/on-chain');
      expect(() => assertOffChain(null, command)).not.toThrow();
    }
    for (const command of [{ do: 'pause' }, { do: 'resume' }, { do: 'edit' }] as const)
      expect(() => assertOffChain(chain, command)).not.toThrow();
    expect(() => assertUncommitted(view(...open), good)).toThrow('task/immutable');
    expect(() => assertUncommitted(view(...open), other)).not.toThrow();
  });

  it('keeps its deadlines when it goes on after a pause', () => {
    const paused: TaskState = { phase: 'submission', schedule, pausedAt: at(12) };
    const [step] = decide(paused, { do: 'resume', keepTimes: true }, at(18));
    expect(step?.state).toEqual({ phase: 'submission', schedule, pausedAt: null });
  });
});

describe('whatever comes in whatever order', () => {
  /** A history as the registry can have it: forward only, deadlines to later times only. */
  const history = fc
    .record({
      length: fc.integer({ min: 1, max: 3 }),
      extensions: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      end: fc.constantFrom('none', 'finalised', 'cancelled'),
    }) // prettier-ignore
    .map(({ length, extensions, end }) => {
      const list: Said[] = [said.created, said.verified, said.opened].slice(0, length);
      let times = schedule;
      for (const minutes of length === 3 ? extensions : []) {
        times = { ...times, finalEndsAt: new Date(times.finalEndsAt.getTime() + minutes * 60_000) };
        list.push(said.extended(times));
      }
      if (end === 'cancelled') list.push(said.cancelled);
      if (end === 'finalised' && length === 3) list.push(said.finalised);
      return { list, times };
    });
  const order = ['draft', 'verified', 'submission', 'final', 'finalised', 'cancelled'];

  it('ends as the chain says once everything has come, the spec is right and the datasets are there', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat(1_000)), ({ list, times }, noise) => {
        const draw = (below: number) => (noise.next().value as number) % below;
        const coming = facts(...list)
          .flatMap(fact => Array.from({ length: 1 + draw(2) }, () => fact))
          .map(fact => ({ fact, at: draw(1_000) }))
          .sort((a, b) => a.at - b.at);
        const come = new Map<number, ChainFact>();
        let [state, specHash, faulty, minute] = [draft as TaskState, other as string, true, 0];
        const settle = () => {
          const chain = chainView([...come.values()]);
          const told = chain ? follow({ state, specHash, datasetFaults: faulty ? ['no'] : [] }, chain, at(minute)) : undefined; // prettier-ignore
          const next = told?.steps.at(-1)?.state ?? state;
          expect(order.indexOf(next.phase)).toBeGreaterThanOrEqual(order.indexOf(state.phase));
          state = next;
          return told?.conflict ?? null;
        };
        for (const { fact } of coming) {
          minute += draw(8);
          if (draw(3) === 0) faulty = !faulty;
          if (draw(3) === 0 && (state.phase === 'draft' || state.phase === 'verified')) {
            const chain = chainView([...come.values()]) ?? null;
            if (chain?.opening?.specHash !== `0x${specHash}`) [state, specHash] = [draft, draw(2) ? good : other];
          }
          state = decide(state, { do: 'tick' }, at(minute)).at(-1)?.state ?? state;
          come.set(fact.version, fact);
          settle();
        }
        faulty = false;
        if (state.phase === 'draft' || state.phase === 'verified') {
          if (specHash !== good) [state, specHash] = [draft, good];
          expect(settle()).toBeNull();
        }
        const chain = chainView([...come.values()])!;
        minute += 100;
        state = decide(state, { do: 'tick' }, at(minute)).at(-1)?.state ?? state;
        const expected = { created: ['draft'], verified: ['verified'], opened: ['final'], finalised: ['finalised'], cancelled: ['cancelled'] }; // prettier-ignore
        expect(expected[chain.status]).toContain(state.phase);
        if (chain.status === 'opened' || chain.status === 'finalised') expect(scheduleOf(state)).toEqual(times);
        if (state.phase === 'finalised') expect(state.rankingRoot).toBe(root);
        expect(settle()).toEqual(chain.status === 'finalised' && specHash !== good ? expect.any(String) : null);
      }),
      { numRuns: 500 },
    );
  });
});
