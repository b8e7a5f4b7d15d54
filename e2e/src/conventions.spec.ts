// Bad input gets the documented problem, and what is promised of every route holds: idempotency, ETags, paging, limits.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKey, signedIn, type Person } from './arena/callers.js';
import { rawCall, toOutcome, type Outcome } from './arena/raw.js';
import { startArena, type Arena } from './arena/start.js';
import { taskSpec } from './arena/task-spec.js';

const codeOf = ({ status, problem }: Outcome) => [status, problem?.code];

describe('the API', () => {
  let arena: Arena;
  let origin: string;
  let admin: Person;

  beforeAll(async () => {
    arena = await startArena();
    ({ url: origin } = await arena.start('task-service'));
    admin = await signedIn(origin, arena.wallet(0));
  });
  afterAll(() => arena.stop());

  const draft = (title: string, call: Parameters<typeof rawCall>[2] = {}) =>
    rawCall(origin, 'tasks.create', { token: admin.token, body: { spec: taskSpec(title) }, ...call });
  const at = async (path: string, init: RequestInit = {}) => toOutcome(await fetch(origin + path, init));

  it('says what is wrong with a body, all of it, by pointer', async () => {
    const { title: _title, ...spec } = taskSpec('x');
    const body = {
      spec: { ...spec, kind: 'regression', model: { ...spec.model, operators: [] }, colour: 'red' },
      extra: 1,
    };
    const outcome = await draft('', { body });
    expect(codeOf(outcome)).toEqual([422, 'request/invalid']);
    const pointers = outcome.problem?.errors?.map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/spec/title', '/spec/model/operators', '/spec/colour', '/extra']),
    );
  });

  const bodies: [string, string | undefined, Record<string, string>, unknown[]][] = [
    ['broken JSON', '{"name":', {}, [400, 'request/broken-json']],
    ['a body that poisons prototypes', '{"__proto__":{"admin":true}}', {}, [400, 'request/broken-json']],
    ['a wrong type', '{"name":1,"scopes":["read"]}', {}, [422, 'request/invalid']],
    ['an unknown field', '{"name":"a","scopes":["read"],"x":1}', {}, [422, 'request/invalid']],
    ['a scalar', '"hello"', {}, [422, 'request/invalid']],
    ['null', 'null', {}, [422, 'request/invalid']],
    ['nothing', '', {}, [422, 'request/invalid']],
    ['a form', 'name=a', { 'content-type': 'application/x-www-form-urlencoded' }, [415, 'request/media-type']],
    ['plain text', '{}', { 'content-type': 'text/plain' }, [415, 'request/media-type']],
    ['a huge body', `{"name":"${'a'.repeat(1_100_000)}"}`, {}, [413, 'request/too-large']],
    ['no idempotency key', '{"name":"a","scopes":["read"]}', { 'idempotency-key': '' }, [400, 'idempotency/malformed']],
    [
      'an endless idempotency key',
      '{"name":"a","scopes":["read"]}',
      { 'idempotency-key': 'k'.repeat(201) },
      [400, 'idempotency/malformed'],
    ],
  ];
  for (const [what, body, headers, expected] of bodies)
    it(`refuses ${what}`, async () => {
      expect(codeOf(await rawCall(origin, 'keys.create', { token: admin.token, body, headers }))).toEqual(expected);
    });

  it('answers every strange path with a problem', async () => {
    expect(codeOf(await at('/v1/nonsense'))).toEqual([404, 'route/unknown']);
    expect(codeOf(await at('/'))).toEqual([404, 'route/unknown']);
    expect(codeOf(await at('/v1/tasks', { method: 'DELETE' }))).toEqual([405, 'route/method']);
    expect(codeOf(await at('/v1/tasks/abc'))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks/99999999999999999999'))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks/%00'))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks/%zz'))).toEqual([400, 'request/malformed']);
    expect(codeOf(await at(`/v1/accounts/${'a'.repeat(3_000)}`))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks?limit=0'))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks?limit=10&limit=20'))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks?unknown=1'))).toEqual([422, 'request/invalid']);
    expect(codeOf(await at('/v1/tasks?cursor=zzz'))).toEqual([422, 'page/cursor']);
  });

  it('answers bytes that are no request with a problem, and stays up', async () => {
    const say = (bytes: string) =>
      new Promise<string>((resolve, reject) => {
        const { hostname, port } = new URL(origin);
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        let heard = '';
        socket.on('data', chunk => (heard += String(chunk)));
        socket.on('close', () => resolve(heard));
        socket.on('error', reject);
      });
    expect(await say('NONSENSE\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [^]*application\/problem\+json[^]*request\/malformed/,
    );
    expect(await say(`GET /v1/tasks HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [^]*headers-too-large/,
    );
    expect((await at('/v1/tasks')).status).toBe(200);
  });

  it('tells credentials apart that are missing, broken, unknown, expired and revoked', async () => {
    const mine = (headers: Record<string, string>) => rawCall(origin, 'accounts.mine', { headers });
    const bearer = (token: string) => mine({ authorization: `Bearer ${token}` });
    const expiring = await makeKey(admin, ['read'], new Date(Date.now() + 1_500).toISOString());
    const revoked = await makeKey(admin, ['read']);
    const good = await makeKey(admin, ['read']);

    expect(codeOf(await mine({}))).toEqual([401, 'auth/missing']);
    expect(codeOf(await bearer(good.secret.slice(0, -1)))).toEqual([401, 'auth/malformed']);
    expect(codeOf(await bearer(good.secret.replace(/.$/, last => (last === 'a' ? 'b' : 'a'))))).toEqual([
      401,
      'auth/malformed',
    ]);
    expect(codeOf(await mine({ authorization: `Bearer ${good.secret}`, 'flock-api-key': good.secret }))).toEqual([
      401,
      'auth/ambiguous',
    ]);
    expect((await mine({ 'flock-api-key': good.secret })).status).toBe(200);
    expect((await bearer(expiring.secret)).status).toBe(200);

    await admin.client.call('keys.revoke', { params: { key: revoked.id } });
    await sleep(900);
    expect(codeOf(await bearer(revoked.secret))).toEqual([401, 'auth/revoked']);
    await sleep(900);
    expect(codeOf(await bearer(expiring.secret))).toEqual([401, 'auth/expired']);
  });

  it('keeps no secret: not in the database, not in the log', async () => {
    const { secret } = await makeKey(admin, ['read']);
    const other = await arena.start('task-service', { LOG_LEVEL: 'trace' });
    await rawCall(other.url, 'accounts.mine', { token: secret });
    await rawCall(other.url, 'keys.create', { token: secret, body: `{"name": "${secret}` });
    await rawCall(other.url, 'accounts.mine', { headers: { authorization: `Bearer ${secret} x` } });
    const database = new pg.Client({ connectionString: arena.database.ownerUrl });
    await database.connect();
    const tables = await database.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'tasks'`,
    );
    for (const { name } of tables.rows) {
      const { rows } = await database.query(`select 1 from tasks."${name}" t where t::text like $1`, [
        `%${secret.slice(17)}%`,
      ]);
      expect([name, rows.length]).toEqual([name, 0]);
    }
    await database.end();
    expect(await other.logs()).not.toContain(secret.slice(17));
    await other.stop();
  });

  it('does a thing once per Idempotency-Key, and says the same again', async () => {
    const headers = { 'idempotency-key': 'once-1' };
    const [first, again] = [await draft('Once', { headers }), await draft('Once', { headers })];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(codeOf(await draft('Twice', { headers }))).toEqual([422, 'idempotency/reused']);
    const other = await signedIn(origin, arena.wallet(5));
    const theirs = await rawCall(origin, 'keys.create', {
      token: other.token,
      headers,
      body: { name: 'n', scopes: ['read'] },
    });
    expect(theirs.status).toBe(201);
    const secretAgain = await rawCall(origin, 'keys.create', {
      token: other.token,
      headers,
      body: { name: 'n', scopes: ['read'] },
    });
    expect(codeOf(secretAgain)).toEqual([409, 'idempotency/secret-already-shown']);
    expect(JSON.stringify(secretAgain.body)).not.toContain('arena_');
  });

  it('does a thing once when fifty ask for it at once', async () => {
    const headers = { 'idempotency-key': 'fifty' };
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => draft('Fifty', { headers })));
    const made = outcomes.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => (body as { task: number }).task)).size).toBe(1);
    for (const outcome of outcomes.filter(({ status }) => status !== 201))
      expect(codeOf(outcome)).toEqual([409, 'idempotency/running']);
    const { items } = await admin.client.call('tasks.list', { query: { limit: 200 } });
    expect(items.filter(({ title }) => title === 'Fifty')).toHaveLength(1);
  });

  it('stores nothing of a request that failed: the key is free for the next try', async () => {
    const headers = { 'idempotency-key': 'failed-first' };
    const body = { reason: 'x is not much of a reason' };
    const failed = await rawCall(origin, 'tasks.pause', { token: admin.token, params: { task: 4_242 }, body, headers });
    expect(codeOf(failed)).toEqual([404, 'resource/not-found']);
    const again = await rawCall(origin, 'tasks.pause', { token: admin.token, params: { task: 4_242 }, body, headers });
    expect(codeOf(again)).toEqual([404, 'resource/not-found']);
  });

  it('lets nobody edit what has changed since it was read', async () => {
    const { task } = (await draft('Edit me')).body as { task: number };
    const call = { token: admin.token, params: { task } };
    const edit = (etag: string | undefined, title: string) =>
      rawCall(origin, 'tasks.edit', {
        ...call,
        body: { spec: taskSpec(title) },
        headers: etag ? { 'if-match': etag } : {},
      });
    const read = await rawCall(origin, 'tasks.get', call);
    const etag = read.headers.get('etag') ?? '';
    expect(codeOf(await edit(undefined, 'No tag'))).toEqual([428, 'etag/required']);
    const both = await Promise.all([edit(etag, 'Mine'), edit(etag, 'Yours')]);
    expect(both.map(codeOf).sort()).toEqual([
      [200, undefined],
      [412, 'etag/stale'],
    ]);
    expect(codeOf(await edit(etag, 'Late'))).toEqual([412, 'etag/stale']);
    const unchanged = await rawCall(origin, 'tasks.get', { ...call, headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(200);
    const now = unchanged.headers.get('etag') ?? '';
    expect((await rawCall(origin, 'tasks.get', { ...call, headers: { 'if-none-match': now } })).status).toBe(304);
  });

  it('pages through a list that grows meanwhile, and misses and repeats nothing', async () => {
    const before: number[] = [];
    for (let i = 0; i < 7; i++) before.push(((await draft(`Page ${i}`)).body as { task: number }).task);
    const seen: number[] = [];
    for await (const { task } of admin.client.paginate('tasks.list', { query: { limit: 2 } })) {
      seen.push(task);
      if (seen.length % 3 === 0 && seen.length < 10) await draft(`Meanwhile ${seen.length}`);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before));
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
  });

  it('says what is left of a limit, and when to come again', async () => {
    const limited = await arena.start('task-service', {
      RATE_LIMIT_FACTOR: '0.05',
      QUEUE_PREFIX: `${arena.redis.prefix}-limits`,
    });
    const outcomes: Outcome[] = [];
    for (let i = 0; i < 40; i++) outcomes.push(await rawCall(limited.url, 'tasks.list'));
    const [first] = outcomes;
    expect(first?.headers.get('ratelimit-policy')).toMatch(/^"read";q=30;w=6$/);
    expect(first?.headers.get('ratelimit')).toMatch(/^"read";r=\d+;t=\d+$/);
    const refused = outcomes.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused[0]?.problem?.code).toBe('limit/exceeded');
    await limited.stop();
  });

  it('goes on when Redis is away: limits fail open, and what is to be sent waits', async () => {
    const alone = await arena.start('task-service', { REDIS_URL: 'redis://127.0.0.1:9' });
    expect((await rawCall(alone.url, 'tasks.list')).status).toBe(200);
    const person = await signedIn(alone.url, arena.wallet(6));
    expect((await makeKey(person, ['read'])).secret).toMatch(/^arena_/);
    await alone.stop();
  });

  it('reports every problem of its environment at once and ends', async () => {
    const failed = await arena
      .start('task-service', { PUBLIC_ORIGIN: 'nonsense', CHAIN_ID: '', DATABASE_POOL: 'many' })
      .catch(String);
    for (const name of ['PUBLIC_ORIGIN', 'CHAIN_ID', 'DATABASE_POOL']) expect(failed).toContain(name);
    expect(failed).toContain('code 1');
  });
});
