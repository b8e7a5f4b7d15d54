// Event streams, on a route of the table and a real server.
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@arena/problem';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSubmissionsApp, submission, type SubmissionsApp } from './fixture/submissions-app.js';

const PATH = '/v1/submissions/018f0000-0000-7000-8000-000000000001/events';
const HEARTBEAT_MS = 200;
const event = (version: number) => ({ id: String(version), event: 'changed', data: submission(version) as never });

describe('an event stream', () => {
  let app: SubmissionsApp;
  let token: string;
  let revoke: () => Promise<void>;
  let ended: number;

  beforeEach(async () => {
    app = await startSubmissionsApp({ most: 4, mostEach: 3, heartbeatMs: HEARTBEAT_MS });
    ({ token, revoke } = await app.key());
    ended = 0;
  });
  afterEach(() => app.stop());

  const follow = (headers: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(app.origin + PATH, { headers: { authorization: `Bearer ${token}`, ...headers }, ...init });
  const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
  /** One event, then nothing until the follower goes. */
  const quiet = () =>
    (app.handlers.events = async function* ({ signal }) {
      try {
        yield event(1);
        if (!signal.aborted) await once(signal, 'abort');
      } finally {
        ended++;
      }
    });

  it('says each event with its id, declared fields only, and that it has come to its end', async () => {
    app.handlers.events = async function* () {
      yield event(1);
      await sleep(10);
      yield event(2);
    };
    const response = await follow();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const frames = (await response.text())
      .split('\n\n')
      .filter(frame => frame.startsWith('id') || frame.startsWith('event'));
    expect(frames.map(frame => frame.split('\n').slice(0, -1))).toEqual([
      ['id: 1', 'event: changed'],
      ['id: 2', 'event: changed'],
      ['event: end'],
    ]);
    const { secretOfOurs: _, ...declared } = submission(1);
    expect(JSON.parse(frames[0]?.split('data: ')[1] ?? '')).toEqual(declared);
  });

  it('answers with a problem what goes wrong before the first event', async () => {
    app.handlers.events = async function* () {
      const found = await sleep(1, false);
      if (!found) throw new DomainError('resource/not-found');
      yield event(1);
    };
    const response = await follow();
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await codeOf(response)).toEqual([404, 'resource/not-found']);
    await vi.waitFor(() => expect(app.streams.count()).toBe(0));
  });

  it('ends with a problem what goes wrong later, and hides what was not meant to be told', async () => {
    app.handlers.events = async function* () {
      yield event(1);
      throw new Error('password is hunter2');
    };
    const text = await (await follow()).text();
    expect(text).toMatch(/event: problem\ndata: \{.*"code":"internal".*\}\n\n$/);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('event: end');
  });

  it('does not let an event out that has not the documented shape', async () => {
    app.handlers.events = async function* () {
      yield event(1);
      yield { ...event(2), data: { ...submission(2), state: 'nonsense' } as never };
    };
    const text = await (await follow()).text();
    expect(text).toContain('"code":"internal"');
    expect(text).not.toContain('nonsense');
  });

  it('tells the handler where its follower left off', async () => {
    const seen: unknown[] = [];
    app.handlers.events = async function* ({ lastEventId }) {
      seen.push(lastEventId);
      yield event(1);
    };
    await (await follow()).text();
    await (await follow({ 'last-event-id': '7' })).text();
    expect(seen).toEqual([undefined, '7']);
    expect(await codeOf(await follow({ 'last-event-id': '7'.repeat(201) }))).toEqual([422, 'request/invalid']);
  });

  it('beats while there is nothing to say, and lets go of its source when the follower goes', async () => {
    quiet();
    const abort = new AbortController();
    const response = await follow({}, { signal: abort.signal });
    const reader = response.body?.getReader();
    let text = '';
    while (text.split(':\n\n').length < 5) text += new TextDecoder().decode((await reader?.read())?.value);
    expect([app.streams.count(), ended]).toEqual([1, 0]);
    abort.abort();
    await vi.waitFor(() => expect([app.streams.count(), ended]).toEqual([0, 1]));
  });

  it('asks its source for no more than a slow follower takes', async () => {
    let yielded = 0;
    const padding = 'x'.repeat(10_000);
    app.handlers.events = async function* () {
      for (let version = 1; ; version++) {
        yielded++;
        yield { ...event(version), event: padding };
      }
    };
    const request = httpRequest(app.origin + PATH, { headers: { authorization: `Bearer ${token}` } }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let before = -1;
    while (before !== yielded) {
      before = yielded;
      await sleep(300);
    }
    expect(yielded).toBeGreaterThan(1);
    response.resume();
    await vi.waitFor(() => expect(yielded).toBeGreaterThan(before + 100), { timeout: 10_000 });
    request.destroy();
    await vi.waitFor(() => expect(app.streams.count()).toBe(0));
  });

  it('is bounded for each caller, and for all', async () => {
    quiet();
    const open = await Promise.all([follow(), follow(), follow()]);
    const fourth = await follow();
    expect(await codeOf(fourth)).toEqual([429, 'limit/exceeded']);
    expect(fourth.headers.get('retry-after')).toBe('5');
    const other = { authorization: `Bearer ${(await app.key()).token}` };
    open.push(await follow(other));
    const one = await follow(other);
    expect(one.headers.get('retry-after')).toBe('5');
    expect(await codeOf(one)).toEqual([503, 'service/unavailable']);
    for (const { body } of open) await body?.cancel();
    await vi.waitFor(() => expect(app.streams.count()).toBe(0));
    await (await follow()).body?.cancel();
  });

  it('ends within a second or so of its key being revoked', async () => {
    quiet();
    const response = await follow();
    await revoke();
    const text = await response.text();
    expect(text).toContain('"code":"auth/revoked"');
    await vi.waitFor(() => expect(ended).toBe(1));
  });

  it('breaks off when the server ends, without saying that it was the end, and takes no new follower', async () => {
    quiet();
    const response = await follow();
    const started = performance.now();
    await app.shut();
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await response.text()).not.toContain('event: end');
    expect(ended).toBe(1);
    expect(() => app.streams.enter('anyone')).toThrow('service/unavailable');
  });

  it('lets go of a source that does not listen', async () => {
    app.handlers.events = () => ({
      [Symbol.asyncIterator]: () => {
        let asked = 0;
        return {
          next: () =>
            asked++ ? new Promise(() => undefined) : Promise.resolve({ done: false as const, value: event(1) }),
        };
      },
    });
    const response = await follow();
    await app.shut();
    expect(await response.text()).toContain('id: 1');
  });

  it('does not begin for a client that asks for the headers alone', async () => {
    quiet();
    const response = await follow({}, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await vi.waitFor(() => expect([app.streams.count(), ended]).toEqual([0, 1]));
  });

  it('is measured by the time to its beginning', async () => {
    app.handlers.events = async function* () {
      yield event(1);
      await sleep(700);
    };
    await (await follow()).text();
    await vi.waitFor(() => expect(app.measured).toHaveLength(1));
    expect(app.measured[0]?.seconds).toBeLessThan(0.5);
  });
});
