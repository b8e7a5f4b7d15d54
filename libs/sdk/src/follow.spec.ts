import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from './client.js';
import { type ArenaError } from './error.js';
import { lineDown, outside, refusal } from './fixture/outside.js';

const origin = 'http://arena.test';
const submission = '018f0000-0000-4000-8000-000000000001';
const state = (version: number) => ({
  submission, task: 1, trainer: `0x${'1'.repeat(40)}`, state: 'inspecting', version, step: null, waiting: null,
  files: [], reasons: [], copy: null, commitment: null, supersedes: null, supersededBy: null,
  createdAt: '2026-01-31T12:00:00.000Z', completedAt: null, acceptedAt: null, endedAt: null, expiresAt: null,
}); // prettier-ignore
const changed = (version: number) => `id: v${version}\nevent: changed\ndata: ${JSON.stringify(state(version))}\n\n`;
const problem = (code: string, status: number) =>
  `event: problem\ndata: ${JSON.stringify({ type: `/problems/${code}`, title: 'No', status, code })}\n\n`;
const END = 'event: end\ndata: {}\n\n';
const HEADERS = { 'content-type': 'text/event-stream' };
const line = (...frames: string[]) => new Response(frames.join(''), { headers: HEADERS });
/** Says this, and then nothing until it is hung up on. */
const stuck = (text: string, onCancel: () => void = () => undefined) =>
  new Response(
    new ReadableStream({ start: stream => stream.enqueue(new TextEncoder().encode(text)), cancel: onCancel }),
    { headers: HEADERS },
  );

/** Breaks off when its signal says so, as the real one does. */
const heeding =
  (send: typeof fetch): typeof fetch =>
  async (url, init) => {
    const response = await send(url, init);
    const { signal } = init ?? {};
    const body = response.body?.pipeThrough(new TransformStream(), signal ? { signal } : {});
    return new Response(body, response);
  };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function following(script: Parameters<typeof outside>, options: { retries?: number; lastEventId?: string } = {}) {
  const { fetch, seen } = outside(...script);
  const { lastEventId, ...rest } = options;
  const events = createClient({ origin, fetch: heeding(fetch), ...rest }).follow('submissions.events', {
    params: { submission },
    lastEventId,
  });
  const versions: number[] = [];
  const ended = (async () => {
    for await (const { data } of events) versions.push(data.version);
  })().catch((error: unknown) => error as ArenaError);
  const all = async () => {
    await vi.runAllTimersAsync();
    return { versions, error: await ended, asked: seen.map(({ headers }) => headers.get('last-event-id')) };
  };
  return { all, seen };
}

describe('follow', () => {
  it('gives each event, and ends when the server says so', async () => {
    const { all, seen } = following([line(':\n\n', changed(1), changed(2), END)]);
    expect(await all()).toEqual({ versions: [1, 2], error: undefined, asked: [null] });
    expect(seen[0]?.headers.get('accept')).toBe('text/event-stream');
    expect(seen[0]?.url).toBe(`${origin}/v1/submissions/${submission}/events`);
  });

  it('takes a broken line up again after the last event that came', async () => {
    const { all } = following([
      line(changed(1), changed(2), changed(3).slice(0, 40)),
      lineDown(),
      line(changed(3), END),
    ]);
    expect(await all()).toEqual({ versions: [1, 2, 3], error: undefined, asked: [null, 'v2', 'v2'] });
  });

  it('goes on where an earlier process left off', async () => {
    const { all } = following([line(changed(8), END)], { lastEventId: 'v7' });
    expect((await all()).asked).toEqual(['v7']);
  });

  it('comes back after what passes, also when it is said in the middle', async () => {
    const script = [refusal('service/unavailable'), line(changed(1), problem('service/unavailable', 503)), line(END)];
    expect(await following(script).all()).toEqual({ versions: [1], error: undefined, asked: [null, null, 'v1'] });
  });

  it('throws what does not pass, before the first event and after', async () => {
    expect((await following([refusal('resource/not-found')]).all()).error).toMatchObject({
      code: 'resource/not-found',
    });
    const late = await following([line(changed(1), problem('auth/revoked', 401))]).all();
    expect(late).toMatchObject({ versions: [1], error: { code: 'auth/revoked', status: 401 } });
  });

  it('gives up after so many broken lines in a row; an event starts the count anew', async () => {
    const broken = () => line(':\n\n');
    const script = [broken(), broken(), line(changed(1)), broken(), broken(), broken()];
    const { versions, error, asked } = await following(script, { retries: 2 }).all();
    expect([versions, error?.code, asked.length]).toEqual([[1], 'client/unreachable', 5]);
  });

  it('hangs up on a line that has gone silent, and tries another', async () => {
    const { all } = following([stuck(changed(1)), line(END)]);
    expect(await all()).toMatchObject({ versions: [1], error: undefined, asked: [null, 'v1'] });
  });

  it('does not take an event for one that has not the documented shape, nor a page for a stream', async () => {
    const odd = changed(1).replace('inspecting', 'nonsense');
    expect((await following([line(odd)]).all()).error).toMatchObject({ code: 'client/unexpected-answer' });
    const page = new Response('<html>', { headers: { 'content-type': 'text/html' } });
    expect((await following([page]).all()).error).toMatchObject({ code: 'client/unexpected-answer' });
  });

  it('hangs up when its caller has seen enough', async () => {
    const cancelled = vi.fn();
    const { fetch } = outside(() => stuck(changed(1) + changed(2), cancelled));
    const client = createClient({ origin, fetch: heeding(fetch) });
    for await (const { id } of client.follow('submissions.events', { params: { submission } })) {
      expect(id).toBe('v1');
      break;
    }
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalled());
  });

  it('stops waiting at once when the caller aborts', async () => {
    const abort = new AbortController();
    const { fetch } = outside(refusal('service/unavailable', {}, { 'retry-after': '30' }));
    const client = createClient({ origin, fetch });
    const first = client.follow('submissions.events', { params: { submission }, signal: abort.signal }).next();
    const ended = expect(first).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(1_000);
    abort.abort(new Error('enough'));
    await ended;
  });
});

describe('a call with bytes', () => {
  it.each([
    ['an array', new Uint8Array([1, 2, 3])],
    ['a blob', new Blob([new Uint8Array([1, 2, 3])], { type: 'text/plain' })],
  ])('sends them as they are, the same at every try: %s', async (_, body) => {
    const sent: { bytes: number[]; type: string | null; key: string | null }[] = [];
    const send: typeof fetch = async (_url, init) => {
      const bytes = [...new Uint8Array(await new Response(init?.body as Blob).arrayBuffer())];
      const headers = new Headers(init?.headers);
      sent.push({ bytes, type: headers.get('content-type'), key: headers.get('idempotency-key') });
      return sent.length === 1 ? refusal('service/unavailable') : Response.json(state(1), { status: 202 });
    };
    const call = createClient({ origin, fetch: send }).call('submissions.small', {
      query: { task: 1, filename: 'a.onnx' },
      body,
    });
    await vi.runAllTimersAsync();
    expect((await call).version).toBe(1);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]).toMatchObject({ bytes: [1, 2, 3], type: 'application/octet-stream' });
  });
});
