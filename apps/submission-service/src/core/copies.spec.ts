import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonPpm, judgeClose, judgeEqual, type EarlierModel, type Likeness } from './copies.js';

const at = (minute: number) => new Date(minute * 60_000);
const me = { trainer: 'me', knownSince: at(10) };
const model = (change: Partial<EarlierModel> = {}): EarlierModel => ({
  submission: 'other',
  trainer: 'them',
  state: 'accepted',
  knownSince: at(5),
  acceptedAt: at(6),
  original: null,
  originalTrainer: null,
  ...change,
});
const like = (change: Partial<Likeness> = {}): Likeness => ({ ...model(change), similarityPpm: 999_000, ...change });

describe('of equal models', () => {
  it('a first one is the original', () => expect(judgeEqual(me, [])).toEqual({ verdict: 'original', disqualify: [] }));

  it.each(['accepted', 'withdrawn', 'disqualified', 'closed'])('one known before stands, also when it is %s', state => {
    expect(judgeEqual(me, [model({ state })])).toEqual({ verdict: 'duplicate', own: null });
  });

  it('one known at the same time was accepted before, and stands', () =>
    expect(judgeEqual(me, [model({ knownSince: at(10) })]).verdict).toBe('duplicate'));

  it('one known later is disqualified while its committee has not closed', () => {
    const later = model({ knownSince: at(11) });
    expect(judgeEqual(me, [later])).toEqual({ verdict: 'original', disqualify: [later] });
  });

  it('one known later stands once its scores are public', () =>
    expect(judgeEqual(me, [model({ knownSince: at(11), state: 'closed' })]).verdict).toBe('duplicate'));

  it.each(['withdrawn', 'disqualified'])('one known later that is %s is left as it is', state =>
    expect(judgeEqual(me, [model({ knownSince: at(11), state })])).toEqual({ verdict: 'original', disqualify: [] }),
  );

  it('the trainer’s own is named to them', () =>
    expect(judgeEqual(me, [model({ trainer: 'me', submission: 'mine' })])).toEqual({
      verdict: 'duplicate',
      own: 'mine',
    }));

  it('the trainer’s own does not stand once it is withdrawn', () =>
    expect(judgeEqual(me, [model({ trainer: 'me', state: 'withdrawn' })]).verdict).toBe('original'));
});

describe('of models that are close', () => {
  it('the most similar one known before is the original', () => {
    const [a, b] = [like({ submission: 'a' }), like({ submission: 'b', similarityPpm: 999_500 })];
    expect(judgeClose(me, [a, b])).toEqual({ original: b, copies: [] });
  });

  it('of equally similar ones the earliest is', () => {
    const [a, b] = [like({ submission: 'a', knownSince: at(5) }), like({ submission: 'b', knownSince: at(4) })];
    expect(judgeClose(me, [a, b]).original).toBe(b);
  });

  it('a withdrawn one, which will have no key, counts only where no other does', () => {
    const [gone, here] = [like({ state: 'withdrawn', similarityPpm: 1_000_000 }), like({ submission: 'here' })];
    expect(judgeClose(me, [gone, here]).original).toBe(here);
    expect(judgeClose(me, [gone]).original).toBe(gone);
  });

  it('those known later are the copies, unless they are flagged already or their committee has closed', () => {
    const copy = like({ submission: 'copy', knownSince: at(11) });
    const flagged = like({ submission: 'flagged', knownSince: at(11), original: 'x', originalTrainer: 'x' });
    const closed = like({ submission: 'closed', knownSince: at(11), state: 'closed' });
    expect(judgeClose(me, [copy, flagged, closed])).toEqual({ original: null, copies: [copy] });
  });

  it('a trainer’s next model is no copy of the copy that another made of the last one', () =>
    expect(judgeClose(me, [like({ original: 'mine', originalTrainer: 'me' })]).original).toBeNull());

  it('neither own nor disqualified ones count', () =>
    expect(judgeClose(me, [like({ trainer: 'me' }), like({ state: 'disqualified' })]).original).toBeNull());
});

describe('what a copy has to show', () => {
  const terms = { epsilonStartPpm: 5_000, epsilonEndPpm: 500, epsilonDays: 7 };
  const DAY = 86_400_000;

  it.each([
    [0, 5_000],
    [-1, 5_000],
    [DAY, 4_357],
    [3.5 * DAY, 2_750],
    [7 * DAY - 1, 500],
    [7 * DAY, 500],
    [1_000 * DAY, 500],
  ])('of an original that is %d ms old is %d ppm', (age, ppm) => expect(epsilonPpm(terms, age)).toBe(ppm));

  it('never changes where there are no days', () => expect(epsilonPpm({ ...terms, epsilonDays: 0 }, 0)).toBe(500));

  it('falls with age, between start and end', () => {
    const ms = fc.integer({ min: 0, max: 10 * DAY });
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [young, old] = [epsilonPpm(terms, Math.min(a, b)), epsilonPpm(terms, Math.max(a, b))];
        expect(young).toBeGreaterThanOrEqual(old);
        expect(old).toBeGreaterThanOrEqual(500);
        expect(young).toBeLessThanOrEqual(5_000);
      }),
    );
  });
});
