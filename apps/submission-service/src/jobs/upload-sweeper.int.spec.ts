import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrive, begin, complete, PART, send, small } from '../fixture/sending.js';
import { sha256, UPLOAD_SECONDS } from '../fixture/submission-stand.js';
import { testStand, type TestStand } from '../fixture/test-stand.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const two = randomBytes(PART + 10);
const spec = { submissions: { perDay: 50, graceSeconds: 600 } };

let stand: TestStand;
let task: number;
beforeAll(async () => {
  stand = await testStand();
});
beforeEach(async () => {
  stand.clock.now = new Date();
  task = await stand.fresh({ spec });
});
afterAll(() => stand.close());

interface Ref {
  submission: string;
}
const later = (seconds: number) => new Date(stand.clock.now.getTime() + seconds * 1_000);
const get = ({ submission }: Ref) => stand.ask('submissions.get', { params: { submission } });
const history = async ({ submission }: Ref) =>
  (await stand.ask('submissions.history', { params: { submission } })).items.map(({ what, reason }) => [what, reason]);
const placeOf = async ({ submission }: Ref) =>
  (await stand.database.read.prisma.quotaEntry.findUniqueOrThrow({ where: { submission } })).state;
const objects = async () => {
  const found: string[] = [];
  for await (const { key } of stand.objects.list(stand.place.s3.bucket, 'originals/')) found.push(key);
  return found.length;
};
const keyOf = async (ref: Ref) => (await stand.rowOf(ref)).files[0]?.key ?? '';

describe('the time of an upload', () => {
  it('lasts through the grace after the close, and not a moment longer', async () => {
    await stand.task(task, { closesAt: later(60), spec });
    const [intime, late] = [await begin(stand, task, 4), await begin(stand, task, 4)];
    expect((await get(intime)).expiresAt).toBe(later(660).toISOString());
    for (const ref of [intime, late]) await send(stand, ref, Buffer.from('good'));
    const start = stand.clock.now;
    stand.clock.now = new Date(start.getTime() + 659_999);
    await stand.task(task, { phase: 'final', closesAt: new Date(start.getTime() + 60_000), spec });
    expect(await complete(stand, intime, Buffer.from('good'))).toMatchObject({ state: 'inspecting' });
    stand.clock.now = new Date(start.getTime() + 660_000);
    await expect(complete(stand, late, Buffer.from('good'))).rejects.toThrow('submission/state');
    await stand.sweep();
    expect(await get(late)).toMatchObject({ state: 'abandoned' });
  });

  it('moves with the times of the task', async () => {
    await stand.task(task, { closesAt: later(60), spec });
    const ref = await begin(stand, task, 4);
    await stand.task(task, { closesAt: later(120), spec });
    expect(await get(ref)).toMatchObject({ state: 'uploading', version: 2, expiresAt: later(720).toISOString() });
    await stand.task(task, { closesAt: later(120), paused: true, spec });
    expect((await get(ref)).expiresAt).toBe(later(UPLOAD_SECONDS).toISOString());
    await stand.task(task, { closesAt: later(300), spec });
    expect((await get(ref)).expiresAt).toBe(later(900).toISOString());
    await stand.task(task, { closesAt: later(300), phase: 'final', spec });
    expect(await history(ref)).toEqual([['begun', null], ...Array<unknown>(3).fill(['rescheduled', 'The times of the task have moved'])]); // prettier-ignore
    expect(await placeOf(ref)).toBe('reserved');
  });

  it('ends when the task is cancelled, with that as the reason; what was handed in stays', async () => {
    const [open, handed] = [await begin(stand, task, two.length), await arrive(stand, task, two)];
    await send(stand, open, two, { numbers: [1] });
    await stand.task(task, { phase: 'cancelled', spec });
    expect(await history(open)).toEqual([['begun', null], ['abandoned', 'The task was cancelled']]); // prettier-ignore
    expect([await placeOf(open), await placeOf(handed)]).toEqual(['released', 'spent']);
    expect((await get(handed)).state).toBe('inspecting');
    await stand.sweep();
    expect(await stand.left(await keyOf(open))).toBe(0);
    expect(await stand.left(await keyOf(handed))).toBe(1);
  });

  it('cannot be missed by an upload that begins while the task moves', async () => {
    await stand.task(task, { closesAt: later(60), spec });
    const [refs] = await Promise.all([
      Promise.all(Array.from({ length: 4 }, () => begin(stand, task, 4))),
      stand.task(task, { closesAt: later(120), spec }),
    ]);
    for (const ref of refs) expect((await get(ref)).expiresAt).toBe(later(720).toISOString());
  });
});

describe('an upload that is given up', () => {
  it('by its trainer leaves nothing behind, and its place to the next', async () => {
    const ref = await begin(stand, task, two.length);
    await send(stand, ref, two, { numbers: [1] });
    await stand.ask('submissions.withdraw', { params: ref, body: { reason: 'wrong file' } });
    expect(await history(ref)).toEqual([['begun', null], ['abandoned', 'wrong file']]); // prettier-ignore
    await stand.sweep();
    expect(await stand.left(await keyOf(ref))).toBe(0);
    expect((await stand.rowOf(ref)).files[0]).toMatchObject({ cleared: true, unwantedSince: null });
    expect(await placeOf(ref)).toBe('released');
    await expect(send(stand, ref, two, { numbers: [2] })).rejects.toThrow('submission/state');
  });

  it('by its deadline likewise; whole originals stay', async () => {
    const [ref, handed] = [await begin(stand, task, two.length), await small(stand, task, two)];
    await send(stand, ref, two);
    stand.clock.now = later(UPLOAD_SECONDS - 1);
    await stand.sweep();
    expect((await get(ref)).state).toBe('uploading');
    stand.clock.now = later(1);
    await stand.sweep();
    expect(await history(ref)).toEqual([['begun', null], ['abandoned', 'Its time was over']]); // prettier-ignore
    stand.clock.now = later(2 * 86_400);
    await stand.sweep();
    expect(await stand.left(await keyOf(ref))).toBe(0);
    expect(await stand.left(await keyOf(handed))).toBe(1);
  });
});

interface Job {
  what: 'mint' | 'small' | 'complete' | 'sweep';
  asked?: object;
}

/** A process that dies as by kill -9 at that point. */
async function killedAt(point: string, { what, asked = {} }: Job): Promise<void> {
  const job = JSON.stringify({ what, place: stand.place, task, asked });
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@arena/source', here('../fixture/submission-worker.ts'), job],
    {
      cwd: here('../..'),
      env: { ...process.env, CRASH_AT: point, TSX_TSCONFIG_PATH: here('../../../../tsconfig.check.json') },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const signal = await new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)));
  expect(signal).toBe('SIGKILL');
}

// Each starts a process of its own from the sources, which takes a busy machine a while.
describe('a process killed', { timeout: 120_000 }, () => {
  it('while it starts an upload leaves one that is aborted later', async () => {
    const ref = await begin(stand, task, 4);
    await killedAt('submission.upload-started', { what: 'mint', asked: { params: ref } });
    const key = await keyOf(ref);
    await send(stand, ref, Buffer.from('good'));
    expect(await stand.left(key)).toBe(2);
    expect(await complete(stand, ref, Buffer.from('good'))).toMatchObject({ state: 'inspecting' });
    stand.clock.now = later(UPLOAD_SECONDS + 300);
    await stand.sweep();
    expect(await stand.left(key)).toBe(1);
  });

  it('between a small model and its row leaves bytes that are removed a day later, and no place taken', async () => {
    const before = await objects();
    await killedAt('submission.small-put', { what: 'small' });
    expect(await objects()).toBe(before + 1);
    const { used } = await stand.ask('submissions.quota', { query: { task: String(task) } });
    expect(used).toBe(0);
    const { submission } = await small(stand, task, Buffer.from('small'));
    stand.clock.now = later(86_400 - 600);
    await stand.sweep();
    expect(await objects()).toBe(before + 2);
    stand.clock.now = later(1_200);
    await stand.sweep();
    expect(await objects()).toBe(before + 1);
    expect(await stand.left(await keyOf({ submission }))).toBe(1);
  });

  it('while it completes has completed nothing, and the same said again does', async () => {
    const ref = await begin(stand, task, 4);
    await send(stand, ref, Buffer.from('good'));
    const asked = { params: ref, body: { sha256: sha256(Buffer.from('good')) } };
    await killedAt('submission.completing', { what: 'complete', asked });
    expect(await stand.rowOf(ref)).toMatchObject({ state: 'uploading', intake: null, files: [{ claimed: null }] });
    await complete(stand, ref, Buffer.from('good'));
    expect(await stand.rowOf(ref)).toMatchObject({ state: 'inspecting', intake: { step: 'assembling' } });
  });

  it('while it clears away lets the next one do so', async () => {
    const ref = await begin(stand, task, 4);
    await send(stand, ref, Buffer.from('good'));
    await stand.ask('submissions.withdraw', { params: ref });
    await killedAt('submission.cleared', { what: 'sweep' });
    expect((await stand.rowOf(ref)).files[0]).toMatchObject({ cleared: false });
    await stand.sweep();
    expect((await stand.rowOf(ref)).files[0]).toMatchObject({ cleared: true });
  });
});
