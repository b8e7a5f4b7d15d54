import { rng } from '@arena/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { QUOTA_WINDOW_MS } from '../core/quota.js';
import { begin, small } from '../fixture/sending.js';
import { callerOf, MINIMUM } from '../fixture/submission-stand.js';
import { testStand, type TestStand } from '../fixture/test-stand.js';

const LIMIT = 3;
let stand: TestStand;
let task: number;
beforeAll(async () => {
  stand = await testStand();
  // The first use of a connection takes long, and would keep the crowd from being one.
  await Promise.all(Array.from({ length: 8 }, () => stand.database.transaction(tx => tx.prisma.submission.count())));
});
beforeEach(async () => {
  stand.clock.now = new Date();
  task = await stand.fresh({ spec: { submissions: { perDay: LIMIT } } });
});
afterAll(() => stand.close());

const quota = (who = 1) => stand.ask('submissions.quota', { query: { task: String(task) } }, callerOf(who));
const withdraw = (ref: { submission: string }) => stand.ask('submissions.withdraw', { params: ref });
const pass = (ms: number) => (stand.clock.now = new Date(stand.clock.now.getTime() + ms));

it('lets exactly one of a hundred at once through when there is one place left', async () => {
  for (let i = 1; i < LIMIT; i++) await begin(stand, task, 10);
  const next = new Date(stand.clock.now.getTime() + QUOTA_WINDOW_MS).toISOString();
  const all = await Promise.allSettled(Array.from({ length: 100 }, () => begin(stand, task, 10)));
  const refused = all.filter(one => one.status === 'rejected').map(({ reason }) => reason as object);
  expect(refused).toHaveLength(99);
  for (const reason of refused)
    expect(reason).toMatchObject({
      code: 'submission/quota',
      details: { detail: expect.stringContaining(next) as string, retryAfterSeconds: QUOTA_WINDOW_MS / 1_000 },
    });
  expect(await quota()).toMatchObject({ limit: LIMIT, used: LIMIT, nextAllowedAt: next });
  expect(await quota(2)).toMatchObject({ limit: LIMIT, used: 0, nextAllowedAt: null });
  await begin(stand, task, 10, callerOf(2));
});

it('counts small models and uploads alike, and a place for a day', async () => {
  await small(stand, task, Buffer.from('one'));
  pass(1_000);
  await begin(stand, task, 10);
  await begin(stand, task, 10);
  await expect(small(stand, task, Buffer.from('two'))).rejects.toThrow('submission/quota');
  pass(QUOTA_WINDOW_MS - 1_001);
  await expect(begin(stand, task, 10)).rejects.toThrow('submission/quota');
  pass(1);
  await begin(stand, task, 10);
  await expect(begin(stand, task, 10)).rejects.toThrow('submission/quota');
});

it('gives the place of an upload back that is given up, but not of a model that is withdrawn', async () => {
  const uploads = [await begin(stand, task, 10), await begin(stand, task, 10)];
  const { submission } = await small(stand, task, Buffer.from('handed in'));
  await expect(begin(stand, task, 10)).rejects.toThrow('submission/quota');
  await withdraw({ submission });
  await expect(begin(stand, task, 10)).rejects.toThrow('submission/quota');
  await withdraw(uploads[0] ?? { submission });
  expect(await quota()).toMatchObject({ used: 2, nextAllowedAt: null });
  await begin(stand, task, 10);
});

it('grows with the root of the stake, and is nothing without one', async () => {
  await stand.stake(task, 1, 4n * MINIMUM);
  expect(await quota()).toMatchObject({ limit: 2 * LIMIT, stake: String(4n * MINIMUM), minimum: String(MINIMUM) });
  expect(await quota(7)).toMatchObject({ limit: 0, used: 0, nextAllowedAt: null, stake: '0' });
});

it('is never over its limit, however tries, crashes and withdrawals interleave', async () => {
  const random = rng(7);
  const used = async () =>
    (await stand.database.read.prisma.quotaEntry.findMany({ where: { task } })).filter(
      ({ state }) => state === 'reserved' || state === 'spent',
    ).length;
  const open: { submission: string }[] = [];
  for (let round = 0; round < 8; round++) {
    await Promise.allSettled(
      Array.from({ length: 8 }, async () => {
        if (random.chance(0.3)) {
          const ref = open.pop();
          if (ref) await withdraw(ref);
          return;
        }
        const dies = random.chance(0.4);
        const body = { task, filename: 'm', size: 10 };
        const { submission } = await stand.ask('submissions.begin', { body }, callerOf(1), () => {
          if (dies) throw new Error('it died before it was committed');
        });
        open.push({ submission });
      }),
    );
    expect(await used()).toBeLessThanOrEqual(LIMIT);
    expect(await used()).toBe(open.length);
  }
});
