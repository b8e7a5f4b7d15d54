import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStand, trainer, type Handed, type Stand } from '../../fixture/intake-stand.js';
import { smallModel, weightsOf } from '../../fixture/small-onnx.js';
import { testIntake } from '../../fixture/test-intake.js';
import { disqualify, withdraw, type In } from '../../core/submission.js';

let stand: Stand;
let drop: () => Promise<void>;
let task = 0;

beforeAll(async () => {
  const test = await testIntake();
  drop = test.drop;
  stand = openStand(test.place);
});
afterAll(async () => {
  await stand.close();
  await drop();
});
beforeEach(async () => {
  task += 1;
  await stand.task(task);
  for (const digit of ['1', '2', '3']) await stand.stake(trainer(digit), task);
});

const weights = () => weightsOf(task * 1_000);
/** About that similar: noise of 5 % gives 998 000. */
const near = (share: number, seed = 7) => {
  const noise = weightsOf(task * 1_000 + seed);
  return weights().map((value, index) => value + share * noise[index]!);
};
async function settled(by: string, model: Float32Array, handed: Handed = {}): Promise<string> {
  const submission = await stand.hand(smallModel({ weights: model, noise: ` of ${by}` }), { task, by, ...handed });
  await stand.runAll();
  return submission;
}
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const reasons = async (submission: string) =>
  ((await stand.state(submission)) as In<'rejected'>).reasons.map(({ detail }) => detail);

describe('equal models', { timeout: 60_000 }, () => {
  it('of two, the one that was complete first is the original, and the other learns no more than that', async () => {
    const first = await settled('1', weights());
    const second = await settled('2', weights());
    expect(await stand.outcome(first)).toBe('accepted');
    expect(await stand.outcome(second)).toBe('rejected: submission/duplicate-model');
    expect(await reasons(second)).toEqual(['Its canonical form equals that of an earlier model of this task']);
  });

  it('a commitment from before makes the later upload the original, and disqualifies the other', async () => {
    const thief = await settled('1', weights());
    const owner = await settled('2', weights(), { committedAt: minutesAgo(10) });
    expect(await stand.outcome(owner)).toBe('accepted');
    expect(await stand.outcome(thief)).toBe('disqualified: submission/earlier-commitment');
    expect(await stand.history(thief)).toEqual(['begun', 'completed', 'accepted', 'disqualified']);
    expect(await stand.outcome(await settled('3', weights()))).toBe('rejected: submission/duplicate-model');
  });

  it('of two commitments the earlier one counts, in either order of upload', async () => {
    const [late, early] = [{ committedAt: minutesAgo(5) }, { committedAt: minutesAgo(10) }];
    const first = await settled('1', weights(), early);
    const second = await settled('2', weights(), late);
    expect([await stand.outcome(first), await stand.outcome(second)]).toEqual(['accepted', 'rejected: submission/duplicate-model']); // prettier-ignore
  });

  it('a commitment counts for weights that lie in a file of their own as well', async () => {
    const first = await settled('1', weights());
    const bytes = Buffer.from(weights().buffer);
    const model = smallModel({ weights: weights(), external: 'w' });
    const second = await stand.hand(model, { task, by: '2', data: bytes, dataName: 'w', committedAt: minutesAgo(10) });
    await stand.runAll();
    expect(await stand.outcome(first)).toBe('disqualified: submission/earlier-commitment');
    expect(await stand.outcome(second)).toBe('accepted');
  });

  it('one’s own is named', async () => {
    const first = await settled('1', weights());
    const second = await settled('1', weights());
    expect(await reasons(second)).toEqual([`Its canonical form equals that of your own submission ${first}`]);
  });

  it('one’s own that was withdrawn may be handed in again; another’s may not', async () => {
    const first = await settled('1', weights());
    await stand.move(first, withdraw(await stand.state(first), new Date()), 'withdrawn');
    expect(await stand.outcome(await settled('2', weights()))).toBe('rejected: submission/duplicate-model');
    expect(await stand.outcome(await settled('1', weights()))).toBe('accepted');
  });

  it('are no copies on another task', async () => {
    await settled('1', weights());
    await stand.task(task + 100);
    await stand.stake(trainer('2'), task + 100);
    expect(await stand.outcome(await settled('2', weights(), { task: task + 100 }))).toBe('accepted');
  });

  it('that are settled at the same moment leave one', async () => {
    const model = smallModel({ weights: weights() });
    const digits = ['4', '5', '6', '7', '8'];
    const all: string[] = [];
    for (const by of digits) all.push(await stand.hand(model, { task, by }));
    // All is done but for their stakes; then these are final, and nothing is left but to settle.
    for (const _ of all) await stand.run();
    for (const by of digits) await stand.stake(trainer(by), task);
    await stand.database.read.query('UPDATE intake SET run_at = now()');
    await Promise.all(all.map(() => stand.run()));
    const outcomes = await Promise.all(all.map(stand.outcome));
    expect(outcomes.filter(outcome => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter(outcome => outcome === 'inspecting')).toEqual([]);
  });
});

describe('close models', { timeout: 60_000 }, () => {
  it('of another trainer flag the later one, with an ε by the age of the original', async () => {
    const original = await settled('1', weights());
    await stand.database.read.prisma.model.update({ where: { submission: original }, data: { acceptedAt: minutesAgo(7 * 12 * 60) } }); // prettier-ignore
    const copy = await settled('2', near(0.03));
    const row = (await stand.model(copy))!;
    expect(row.original).toBe(original);
    expect(row.similarityPpm).toBeGreaterThan(995_000);
    expect(row.epsilonPpm).toBeGreaterThan(2_745);
    expect(row.epsilonPpm).toBeLessThanOrEqual(2_750);
    expect(await stand.history(copy)).toEqual(['begun', 'completed', 'accepted', 'flagged']);
    expect(await stand.model(original)).toMatchObject({ original: null });
  });

  it('with the very same tensors in another graph are as close as can be', async () => {
    const original = await settled('1', weights());
    const copy = await stand.hand(smallModel({ weights: weights(), relu: true }), { task, by: '2' });
    await stand.runAll();
    expect(await stand.model(copy)).toMatchObject({ original, similarityPpm: 1_000_000, epsilonPpm: 4_999 });
  });

  it('of which the later upload was committed to before flag the earlier upload', async () => {
    const copy = await settled('1', near(0.03));
    const original = await settled('2', weights(), { committedAt: minutesAgo(10) });
    expect(await stand.model(original)).toMatchObject({ original: null });
    expect(await stand.model(copy)).toMatchObject({ original, epsilonPpm: 5_000 });
    expect(await stand.history(copy)).toEqual(['begun', 'completed', 'accepted', 'flagged']);
    expect(await stand.outcome(copy)).toBe('accepted');
  });

  it('of one trainer are their own business', async () => {
    await settled('1', weights());
    expect(await stand.model(await settled('1', near(0.03)))).toMatchObject({ original: null });
  });

  it('do not make a copier of the one who was copied', async () => {
    const first = await settled('1', weights());
    await settled('2', near(0.03));
    const next = await settled('1', near(0.02, 8), { supersedes: first });
    expect(await stand.model(next)).toMatchObject({ original: null });
  });

  it('count no more when they were disqualified', async () => {
    const first = await settled('1', weights());
    const state = (await stand.state(first)) as In<'accepted'>;
    await stand.move(first, disqualify(state, [{ code: 'x', where: '', detail: '' }], new Date()), 'disqualified');
    expect(await stand.model(await settled('2', near(0.03)))).toMatchObject({ original: null });
  });

  it('that are less alike than the task calls a copy are not flagged', async () => {
    await settled('1', weights());
    expect(await stand.model(await settled('2', near(0.3)))).toMatchObject({ original: null, similarityPpm: null });
  });
});
