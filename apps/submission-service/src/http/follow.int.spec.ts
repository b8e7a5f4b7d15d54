import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { begin, complete, send, small } from '../fixture/sending.js';
import { callerOf } from '../fixture/submission-stand.js';
import { testStand, type TestStand } from '../fixture/test-stand.js';

let stand: TestStand;
/** Hears nothing of the database, and looks by itself. */
let deaf: TestStand;
let task: number;
beforeAll(async () => {
  stand = await testStand({ pollMs: 3_600_000 });
});
beforeEach(async () => {
  task = await stand.fresh({ spec: { submissions: { perDay: 50 } } });
});
afterAll(() => stand.close());

const model = Buffer.from('a model');
const get = (submission: string, query: object = {}, who = 1) =>
  stand.ask('submissions.get', { params: { submission }, query }, callerOf(who));
const withdraw = (submission: string) => stand.ask('submissions.withdraw', { params: { submission } });

async function timed<T>(work: Promise<T>): Promise<{ ms: number; answer: T }> {
  const start = performance.now();
  const answer = await work;
  return { ms: performance.now() - start, answer };
}

describe('a read that waits', () => {
  it('is answered as soon as something has happened', async () => {
    const { submission } = await begin(stand, task, model.length);
    await send(stand, { submission }, model);
    const waiting = timed(get(submission, { wait: '30' }));
    await sleep(300);
    await complete(stand, { submission }, model);
    const { ms, answer } = await waiting;
    expect(answer).toMatchObject({ state: 'inspecting', version: 2 });
    expect(ms).toBeLessThan(10_000);
  });

  it('is answered at once when something has happened since the version that is known', async () => {
    const { submission } = await small(stand, task, model);
    expect(await get(submission, { wait: '30', after: '1' })).toMatchObject({ version: 2 });
  });

  it('is answered as things are when its time is over, or nothing will happen any more', async () => {
    const { submission } = await begin(stand, task, 10);
    const { ms, answer } = await timed(get(submission, { wait: '1', after: '1' }));
    expect(answer).toMatchObject({ state: 'uploading', version: 1 });
    expect(ms).toBeGreaterThan(950);
    await withdraw(submission);
    expect(await get(submission, { wait: '30', after: '2' })).toMatchObject({ state: 'abandoned', version: 2 });
  });

  it('wakes everybody who waits, each for its own submission', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => begin(stand, task, 10)));
    const others = await begin(stand, task, 10);
    const waiting = all.flatMap(({ submission }) => [1, 2].map(() => get(submission, { wait: '20', after: '1' })));
    const other = timed(get(others.submission, { wait: '2', after: '1' }));
    await Promise.all(all.map(({ submission }) => withdraw(submission)));
    expect((await Promise.all(waiting)).map(({ state }) => state)).toEqual(Array(10).fill('abandoned'));
    expect((await other).answer.state).toBe('uploading');
  });
});

describe('a stream', () => {
  async function follow(submission: string, lastEventId?: string): Promise<string[]> {
    const heard: string[] = [];
    for await (const { id, event, data } of stand.events(submission, AbortSignal.timeout(20_000), lastEventId))
      heard.push(`${id} ${event} ${data.state}`);
    return heard;
  }

  it('tells the state at once, then each change, and ends with the last', async () => {
    const { submission } = await begin(stand, task, model.length);
    await send(stand, { submission }, model);
    const following = follow(submission);
    await sleep(200);
    await complete(stand, { submission }, model);
    await sleep(200);
    await withdraw(submission);
    expect(await following).toEqual(['1 submission uploading', '2 submission inspecting', '3 submission withdrawn']);
  });

  it('goes on where its follower left off', async () => {
    const { submission } = await small(stand, task, model);
    await withdraw(submission);
    expect(await follow(submission, '2')).toEqual(['3 submission withdrawn']);
    expect(await follow(submission, '3')).toEqual([]);
    expect(await follow(submission, '99')).toEqual(['3 submission withdrawn']);
    await expect(follow(submission, 'x')).rejects.toThrow('request/invalid');
  });

  it('ends when its follower has gone, and is not there for others', async () => {
    const { submission } = await begin(stand, task, 10);
    const gone = new AbortController();
    const heard = [];
    for await (const { id } of stand.events(submission, gone.signal)) {
      heard.push(id);
      gone.abort();
    }
    expect(heard).toEqual(['1']);
    const others = stand.events(submission, gone.signal, undefined, callerOf(2));
    await expect(others[Symbol.asyncIterator]().next()).rejects.toThrow('resource/not-found');
  });
});

describe('whoever hears nothing', () => {
  beforeAll(async () => {
    deaf = await testStand({ pollMs: 200 });
  });
  afterAll(() => deaf.close());

  it('looks by itself now and then', async () => {
    const number = await deaf.fresh();
    const { submission } = await begin(deaf, number, 10);
    const waiting = timed(deaf.ask('submissions.get', { params: { submission }, query: { wait: '20', after: '1' } }));
    await sleep(500);
    // A change that nobody is notified of.
    await deaf.database.read.query('UPDATE submissions SET version = 2 WHERE submission = $1::uuid', [submission]);
    const { ms, answer } = await waiting;
    expect(answer.version).toBe(2);
    expect(ms).toBeLessThan(10_000);
  });

  it('listens again after its connection was cut', async () => {
    const number = await deaf.fresh();
    const { submission } = await begin(deaf, number, 10);
    const waiting = deaf.ask('submissions.get', { params: { submission }, query: { wait: '20', after: '1' } });
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'arena submission changes' AND datname = current_database()`;
    expect(await deaf.database.read.query(cut)).toHaveLength(1);
    await deaf.ask('submissions.withdraw', { params: { submission } });
    expect(await waiting).toMatchObject({ state: 'abandoned' });
  });
});
