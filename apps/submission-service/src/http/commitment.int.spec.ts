import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commitmentTo } from '../commitment.js';
import { reject, type In } from '../core/submission.js';
import { begin, complete, send, small } from '../fixture/sending.js';
import { callerOf, sha256, walletOf } from '../fixture/submission-stand.js';
import { testStand, type TestStand } from '../fixture/test-stand.js';
import { moveSubmission } from '../store/submission-moves.js';
import { holdSubmission } from '../store/submissions.js';

const salt = '5a'.repeat(32);
const model = Buffer.from('a model');
let stand: TestStand;
let task: number;
beforeAll(async () => {
  stand = await testStand();
});
beforeEach(async () => {
  stand.clock.now = new Date();
  task = await stand.fresh({ spec: { submissions: { perDay: 20 } } });
});
afterAll(() => stand.close());

const register = (commitment: string, who = 1) =>
  stand.ask('submissions.commitments.register', { body: { task, commitment } }, callerOf(who));
const list = (query: object = {}, who = 1) => stand.ask('submissions.commitments.list', { query }, callerOf(who));
const digit = (n: number) => n.toString(16).padStart(64, '0');
const mine = commitmentTo({ sha256: sha256(model) }, walletOf(1), salt);

describe('a commitment', () => {
  it('is registered at the time of the database, once, and answered with that for ever', async () => {
    stand.clock.now = new Date('2030-01-01T00:00:00.000Z');
    await stand.task(task);
    const first = await register(mine);
    expect(first).toMatchObject({ task, commitment: mine, submission: null });
    expect(Math.abs(Date.parse(first.registeredAt) - Date.now())).toBeLessThan(60_000);
    await stand.task(task, { phase: 'final' });
    expect(await register(mine)).toEqual(first);
    await expect(register(digit(1))).rejects.toThrow('task/phase');
  });

  it('is for trainers of the task, and for at most a hundred models not yet shown', async () => {
    await expect(register(mine, 3)).rejects.toThrow('submission/not-staked');
    await stand.database.read.query(
      `INSERT INTO commitments (task, account, commitment) SELECT $1::int, $2, lpad(n::text, 64, '0')
       FROM generate_series(1, 97) AS n`,
      [task, walletOf(1)],
    );
    const all = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => register(digit(1_000 + n))));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(register(mine)).rejects.toThrow('submission/too-many-commitments');
    await register(mine, 2);
  });

  it('is listed to whoever made it, newest first, in pages', async () => {
    for (const n of [1, 2, 3]) await register(digit(n));
    await register(digit(4), 2);
    const query = { task: String(task), limit: '2' };
    const first = await list(query);
    const second = await list({ ...query, cursor: first.next ?? '' });
    const listed = [...first.items, ...second.items].map(({ commitment }) => commitment);
    expect(listed).toEqual([digit(3), digit(2), digit(1)]);
    expect(second.next).toBeNull();
  });

  it('shows since when the trainer had the model, when its salt is told at completion', async () => {
    const { registeredAt } = await register(mine);
    stand.clock.now = new Date(Date.now() + 3_600_000);
    const { submission } = await begin(stand, task, model.length);
    await send(stand, { submission }, model);
    await expect(complete(stand, { submission }, model, { salt: digit(9) })).rejects.toThrow('submission/commitment');
    const done = await complete(stand, { submission }, model, { salt });
    expect(done).toMatchObject({ commitment: { commitment: mine, registeredAt }, state: 'inspecting' });
    const row = await stand.rowOf({ submission });
    expect([row.knownSince?.toISOString(), row.completedAt]).toEqual([registeredAt, stand.clock.now]);
    expect((await list({ task: String(task) })).items).toMatchObject([{ commitment: mine, submission }]);
  });

  it('is opened once, by its own trainer, by small models too', async () => {
    await register(mine);
    await expect(small(stand, task, model, { salt }, callerOf(2))).rejects.toThrow('submission/commitment');
    await expect(small(stand, task, Buffer.from('another'), { salt })).rejects.toThrow('submission/commitment');
    expect(await small(stand, task, model, { salt })).toMatchObject({ commitment: { commitment: mine } });
    await expect(small(stand, task, model, { salt })).rejects.toThrow('submission/commitment');
  });

  it('can be opened again when its model was rejected by a fault of ours', async () => {
    await register(mine);
    const { submission } = await small(stand, task, model, { salt });
    await stand.database.transaction(async tx => {
      const held = await holdSubmission(tx, submission);
      if (!held) throw new Error('it is gone');
      const reasons = [{ code: 'submission/parts-gone', where: '', detail: '' }];
      const next = reject(held.state as In<'inspecting'>, reasons, stand.clock.now);
      await moveSubmission(tx, held, next, { what: 'rejected', at: stand.clock.now });
    });
    const quota = await stand.ask('submissions.quota', { query: { task: String(task) } });
    expect(quota.used).toBe(0);
    expect(await small(stand, task, model, { salt })).toMatchObject({ commitment: { commitment: mine } });
  });
});
