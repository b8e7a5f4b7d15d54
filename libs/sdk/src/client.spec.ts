import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArenaError, createClient } from './index.js';
import { account, lineDown, ok, outside, refusal, task } from './fixture/outside.js';

const origin = 'http://arena.test';
const dataset = { name: 'Digits', purpose: 'training' } as const;
const made = {
  dataset: '0190b6a0-0000-7000-8000-000000000001',
  name: 'Digits',
  description: '',
  purpose: 'training',
  latest: null,
  createdAt: account.createdAt,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Runs all waiting that the call does. */
async function settled<T>(call: Promise<T>): Promise<T> {
  call.catch(() => undefined);
  await vi.runAllTimersAsync();
  return call;
}
const failure = (call: Promise<unknown>) =>
  settled(
    call.then(
      () => undefined,
      (error: unknown) => error as ArenaError,
    ),
  );

describe('a call', () => {
  it('is the method, path, query, credential and body that its route says', async () => {
    const { fetch, seen } = outside(ok({ items: [], next: null }), ok(made));
    const client = createClient({ origin: `${origin}/`, credential: 'token', fetch });
    await client.call('accounts.list', { query: { limit: 3, role: 'admin', cursor: undefined } });
    await client.call('datasets.create', { body: dataset, idempotencyKey: 'mine' });
    expect(seen[0]).toMatchObject({ method: 'GET', url: `${origin}/v1/accounts?limit=3&role=admin`, body: undefined });
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer token');
    expect(seen[1]).toMatchObject({ method: 'POST', body: JSON.stringify(dataset) });
    expect(seen[1]?.headers.get('idempotency-key')).toBe('mine');
  });

  it('escapes what goes into the path', async () => {
    const { fetch, seen } = outside(ok(account));
    await createClient({ origin, fetch }).call('accounts.get', { params: { account: '../keys?x' } });
    expect(seen[0]?.url).toBe(`${origin}/v1/accounts/..%2Fkeys%3Fx`);
  });

  it('calls as nobody once the credential is taken away', async () => {
    const { fetch, seen } = outside(ok(account));
    const client = createClient({ origin, fetch, credential: 'token' });
    await client.with(undefined).call('accounts.get', { params: { account: account.account } });
    expect(seen[0]?.headers.has('authorization')).toBe(false);
  });

  it('drops what the answer does not document', async () => {
    const { fetch } = outside(ok({ ...account, secret: 1 }));
    const params = { account: account.account };
    expect(await createClient({ origin, fetch }).call('accounts.get', { params })).toEqual(account);
  });

  it('refuses an answer of another shape, unless told not to check', async () => {
    const odd = { ...account, createdAt: 'yesterday' };
    const { fetch } = outside(ok(odd), ok(odd));
    const call = { params: { account: account.account } };
    const error = await failure(createClient({ origin, fetch }).call('accounts.get', call));
    expect(error).toMatchObject({ code: 'client/unexpected-answer', status: 200, errors: [{ pointer: '/createdAt' }] });
    expect(await createClient({ origin, fetch, checkAnswers: false }).call('accounts.get', call)).toEqual(odd);
  });

  it('is checked by the compiler', () => {
    const client = createClient({ origin });
    const never = () => [
      // @ts-expect-error a task is a number
      client.call('tasks.get', { params: { task: 'first' } }),
      // @ts-expect-error parameters are needed
      client.call('tasks.get'),
      // @ts-expect-error an edit names the version that it was made from
      client.call('accounts.edit', { body: { displayName: 'Ada' } }),
      // @ts-expect-error this route takes no key
      client.call('tasks.list', { idempotencyKey: 'x' }),
      // @ts-expect-error only lists have pages
      client.paginate('tasks.get', { params: { task: 1 } }),
      client.call('tasks.list').then(({ items }) => items[0]?.title.length),
    ];
    expect(never).toBeTypeOf('function');
  });
});

describe('a refusal', () => {
  it('is thrown with all that the problem says, in readable words', async () => {
    const errors = [{ pointer: '/name', detail: 'Too long' }];
    const { fetch } = outside(refusal('request/invalid', { errors, traceId: 'abc' }));
    const error = await failure(createClient({ origin, fetch }).call('datasets.create', { body: dataset }));
    expect(error).toBeInstanceOf(ArenaError);
    expect(error).toMatchObject({ code: 'request/invalid', status: 422, errors, traceId: 'abc' });
    expect(error?.message).toBe('The request does not have the documented shape: /name: Too long (request/invalid)');
  });

  it('of a kind that this client does not know yet keeps its code', async () => {
    const body = { type: '/problems/new/one', title: 'New', status: 409, code: 'new/one' };
    const { fetch } = outside(Response.json(body, { status: 409 }));
    const error = await failure(createClient({ origin, fetch }).call('tasks.list'));
    expect(error).toMatchObject({ code: 'new/one', status: 409 });
  });

  it('that is no problem body says what came instead', async () => {
    const { fetch } = outside(new Response('<h1>Teapot</h1>', { status: 418 }));
    const error = await failure(createClient({ origin, fetch }).call('tasks.list'));
    expect(error).toMatchObject({ code: 'client/unexpected-answer', status: 418, detail: '<h1>Teapot</h1>' });
  });

  it('is not asked for twice', async () => {
    const { fetch, seen } = outside(refusal('resource/not-found'));
    await failure(createClient({ origin, fetch }).call('tasks.get', { params: { task: 1 } }));
    expect(seen).toHaveLength(1);
  });
});

describe('a retry', () => {
  it('sends the same Idempotency-Key again, and another one for the next call', async () => {
    const { fetch, seen } = outside(
      lineDown(),
      refusal('service/unavailable'),
      refusal('idempotency/running'),
      ok(made),
      ok(made),
    );
    const client = createClient({ origin, fetch });
    await settled(client.call('datasets.create', { body: dataset }));
    await settled(client.call('datasets.create', { body: dataset }));
    const keys = seen.map(({ headers }) => headers.get('idempotency-key'));
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(keys[0]).toMatch(/^[\x21-\x7e]{16,}$/);
    expect(keys[4]).not.toBe(keys[0]);
  });

  it('waits at least as long as Retry-After says', async () => {
    const { fetch, seen } = outside(refusal('limit/exceeded', {}, { 'retry-after': '7' }), ok(account));
    const call = createClient({ origin, fetch }).call('accounts.get', { params: { account: account.account } });
    await vi.advanceTimersByTimeAsync(6_999);
    expect(seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await call).toEqual(account);
  });

  it('does not wait for minutes: the caller is told how long it would be', async () => {
    const { fetch, seen } = outside(refusal('limit/exceeded', {}, { 'retry-after': '61' }));
    const error = await failure(createClient({ origin, fetch }).call('tasks.list'));
    expect(error).toMatchObject({ code: 'limit/exceeded', retryAfterSeconds: 61 });
    expect(seen).toHaveLength(1);
  });

  it('is not made of a call that may have had an effect', async () => {
    const login = { body: { message: 'm', signature: '0x00' } };
    const { fetch, seen } = outside(lineDown());
    const error = await failure(createClient({ origin, fetch }).call('auth.login', login));
    expect(error).toMatchObject({ code: 'client/unreachable', message: expect.stringContaining('ECONNREFUSED') });
    expect(seen).toHaveLength(1);
  });

  it('is made of any call that was refused before it began', async () => {
    const { fetch, seen } = outside(refusal('limit/exceeded'), refusal('auth/nonce'));
    const login = { body: { message: 'm', signature: '0x00' } };
    const error = await failure(createClient({ origin, fetch }).call('auth.login', login));
    expect(error).toMatchObject({ code: 'auth/nonce' });
    expect(seen).toHaveLength(2);
  });

  it('ends: after its number, the last failure is told', async () => {
    const { fetch, seen } = outside(lineDown(), lineDown(), refusal('service/unavailable'));
    const error = await failure(createClient({ origin, fetch, retries: 2 }).call('tasks.list'));
    expect(error?.code).toBe('service/unavailable');
    expect(seen).toHaveLength(3);
  });

  it('is made when an answer breaks off in its middle', async () => {
    const half = new ReadableStream({
      start: stream => {
        stream.enqueue(new TextEncoder().encode('{"items":['));
        stream.error(new TypeError('terminated'));
      },
    });
    const { fetch } = outside(new Response(half), ok({ items: [], next: null }));
    const client = createClient({ origin, fetch });
    expect(await settled(client.call('tasks.list'))).toEqual({ items: [], next: null });
  });

  it('stops waiting at once when the caller aborts', async () => {
    const { fetch, seen } = outside(refusal('service/unavailable', {}, { 'retry-after': '30' }));
    const abort = new AbortController();
    const call = createClient({ origin, fetch }).call('tasks.list', { signal: abort.signal });
    const ended = expect(call).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(1_000);
    abort.abort(new Error('enough'));
    await ended;
    expect(seen).toHaveLength(1);
  });
});

describe('tags', () => {
  it('come with the answer, and an unchanged one has no body', async () => {
    const body = { ...account, payoutAddress: null, conflictGroup: null, roles: [], updatedAt: account.createdAt };
    const { fetch, seen } = outside(
      ok(body, { etag: '"7"' }),
      new Response(null, { status: 304, headers: { etag: '"7"' } }),
    );
    const client = createClient({ origin, fetch });
    const first = await client.callWithMeta('accounts.mine');
    expect(first).toMatchObject({ unchanged: false, etag: '"7"', status: 200, body });
    const second = await client.callWithMeta('accounts.mine', { ifNoneMatch: first.etag });
    expect(second).toMatchObject({ unchanged: true, status: 304, body: undefined });
    expect(seen[1]?.headers.get('if-none-match')).toBe('"7"');
  });
});

describe('paginate', () => {
  it('goes through all pages with the same filter, asking for a page only when it is needed', async () => {
    const { fetch, seen } = outside(
      ok({ items: [task(3), task(2)], next: 'more' }),
      ok({ items: [task(1)], next: null }),
    );
    const found: number[] = [];
    for await (const item of createClient({ origin, fetch }).paginate('tasks.list', { query: { phase: 'draft' } })) {
      found.push(item.task);
      if (found.length === 1) expect(seen).toHaveLength(1);
    }
    expect(found).toEqual([3, 2, 1]);
    expect(seen.map(({ url }) => new URL(url).search)).toEqual(['?phase=draft', '?phase=draft&cursor=more']);
  });
});

it('takes a server that never answers for one that is not there', async () => {
  const never: typeof fetch = (_, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)));
  const client = createClient({ origin: 'http://arena.test', fetch: never, retries: 0, timeoutMs: 30 });
  await expect(client.call('tasks.list', { query: {} })).rejects.toMatchObject({ code: 'client/unreachable' });
});
