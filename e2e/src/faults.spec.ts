// Processes killed between any two durable steps, Redis emptied, connections cut: the end state is the same.
import { setTimeout as sleep } from 'node:timers/promises';
import { TaskSpec, type DatasetRef } from '@arena/contracts';
import { createClient, type Client } from '@arena/sdk';
import { rng } from '@arena/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signedIn } from './arena/callers.js';
import { makeDataset } from './arena/datasets.js';
import { rawCall } from './arena/raw.js';
import { startArena, type Arena } from './arena/start.js';
import { taskSpec } from './arena/task-spec.js';

type AppName = Parameters<Arena['start']>[0];
const seed = Number(process.env['SEED'] ?? 20261121);

describe('whatever dies', () => {
  let arena: Arena;
  let admin: pg.Client;
  let refs: { hiddenA: DatasetRef; hiddenB: DatasetRef };
  let token: string;
  let port: string;
  const random = rng(seed);

  beforeAll(async () => {
    arena = await startArena();
    const [task] = await Promise.all([arena.start('task-service'), arena.start('submission-service')]);
    port = new URL(task.url).port;
    const person = await signedIn(task.url, arena.wallet(0));
    token = person.token;
    const pick = ({ dataset, version, sha256 }: DatasetRef) => ({ dataset, version, sha256 });
    refs = {
      hiddenA: pick(await makeDataset(person.client, 'hidden-a')),
      hiddenB: pick(await makeDataset(person.client, 'hidden-b')),
    };
    admin = new pg.Client({ connectionString: arena.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await arena.stop();
  });

  const rows = async (text: string) => (await admin.query<Record<string, unknown>>(text)).rows;
  const client = (): Client =>
    createClient({ origin: `http://127.0.0.1:${port}`, credential: token, retries: 40, timeoutMs: 10_000 });

  /** Starts an app again at the same address, perhaps with a place at which it is to die. */
  async function restart(app: AppName, crashAt?: string): Promise<void> {
    const old = arena.running(app);
    old.kill('SIGKILL');
    await old.exited;
    try {
      await arena.start(app, {
        ...(app === 'task-service' ? { PORT: port } : {}),
        ...(crashAt ? { CRASH_AT: crashAt } : {}),
      });
    } catch (error) {
      // A place that is also passed on the way up: its supervisor sees it dead, as after any other death.
      if (!crashAt || !(error as Error).message.includes('ended by SIGKILL')) throw error;
    }
  }

  /** So that one failure stays one. */
  beforeEach(async () => {
    for (const app of ['task-service', 'submission-service'] as const) {
      const died = await Promise.race([arena.running(app).exited.then(() => true), sleep(10).then(() => false)]);
      if (died) await restart(app);
    }
  });

  /** Comes to life again by itself, as under any supervisor, for as long as the work goes on. */
  function supervise(app: AppName) {
    let over = false;
    let deaths = 0;
    const watch = (async () => {
      while (!over) {
        const died = await Promise.race([arena.running(app).exited.then(() => true), sleep(50).then(() => false)]);
        if (!died || over) continue;
        deaths++;
        await arena.start(app, app === 'task-service' ? { PORT: port } : {});
      }
    })();
    return { deaths: () => deaths, end: () => ((over = true), watch) };
  }

  /** Some of everything that sends messages: keys made and revoked, a task that opens and closes. */
  async function traffic(label: string): Promise<void> {
    const call = client();
    const keys = await Promise.all(
      [0, 1, 2, 3].map(i => {
        const idempotencyKey = `${label}-key-${i}`;
        return call
          .call('keys.create', { body: { name: `${label}-${i}`, scopes: ['read'] }, idempotencyKey })
          .then(key => key.id)
          .catch((error: unknown) => {
            // It was made, and its secret was shown to nobody: the name tells which it is.
            if ((error as { code?: string }).code !== 'idempotency/secret-already-shown') throw error;
            return undefined;
          });
      }),
    );
    const { task } = await call.call('tasks.create', {
      body: { spec: taskSpec(label, refs) },
      idempotencyKey: `${label}-task`,
    });
    await call.call('tasks.verify', { params: { task }, body: {}, idempotencyKey: `${label}-verify` });
    await openAt(call, task, `${label}-open`);
    for (const key of keys) if (key) await revoke(call, key);
  }

  /** Its service may be away for longer than the schedule allows: then it is opened with a later one. */
  async function openAt(call: Client, task: number, idempotencyKey: string): Promise<void> {
    const from = (ms: number) => new Date(Date.now() + ms).toISOString();
    const schedule = { opensAt: from(0), closesAt: from(2_000), finalEndsAt: from(3_600_000) };
    try {
      await call.call('tasks.open', { params: { task }, body: { schedule }, idempotencyKey });
    } catch (error) {
      if ((error as { code?: string }).code !== 'task/schedule') throw error;
      await openAt(call, task, idempotencyKey);
    }
  }

  /** A DELETE bears no Idempotency-Key, and needs none: it is the same however often it is done. */
  async function revoke(call: Client, key: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await call.call('keys.revoke', { params: { key } });
        return;
      } catch (error) {
        if (tries > 100) throw error;
        await sleep(100);
      }
    }
  }

  /** Every effect once, every message acknowledged, both services of one mind. */
  async function expectSettled(labels: readonly string[]): Promise<void> {
    // The other services are not up in this arena; what they are sent waits for them.
    const up = `awaited && array['task-service', 'submission-service']`;
    const open = async () =>
      (await rows(`select id from tasks.outbox where ${up} union all select id from submissions.outbox where ${up}`))
        .length;
    await expect.poll(open, { timeout: 40_000, interval: 200 }).toBe(0);
    expect(await rows('select * from bus.dead_letters')).toEqual([]);

    const key = 'id, version, kind, hash, account, scopes, expires_at, revoked_at';
    const here = await rows(`select ${key} from tasks.auth_keys order by id`);
    expect(await rows(`select ${key} from submissions.auth_keys order by id`)).toEqual(here);
    expect(await rows('select * from submissions.auth_accounts order by account')).toEqual(
      await rows('select * from tasks.auth_accounts order by account'),
    );

    for (const label of labels) {
      const made = await rows(
        `select name, count(*)::int as times from tasks.keys where name like '${label}-%' group by name order by name`,
      );
      expect(made).toEqual([0, 1, 2, 3].map(i => ({ name: `${label}-${i}`, times: 1 })));
      const history = `select c.what from tasks.task_changes c join tasks.tasks t using (task) where t.spec->>'title' = '${label}' order by c.id`;
      await expect
        .poll(async () => (await rows(history)).map(row => row['what']), { timeout: 20_000 })
        .toEqual(['created', 'verified', 'scheduled', 'opened', 'closed']);
    }
    const known = `select k.task, k.phase from submissions.known_tasks k join tasks.tasks t using (task) where k.phase <> t.phase`;
    await expect.poll(() => rows(known), { timeout: 40_000 }).toEqual([]);
    const missing = `select task from tasks.tasks t where phase = 'final'
      and (select count(*) from submissions.released_datasets r where r.task = t.task) <> 2`;
    await expect.poll(() => rows(missing), { timeout: 40_000 }).toEqual([]);
  }

  const crashPoints: [AppName, string][] = [
    ['task-service', 'http.before-commit'],
    ['task-service', 'http.before-answer'],
    ['task-service', 'task-schedule.before-commit'],
    ['task-service', 'relay.before-add'],
    ['task-service', 'relay.before-mark'],
    ['task-service', 'collect.before-commit'],
    ['task-service', 'audit.head'],
    ['submission-service', 'inbox.before-effect'],
    ['submission-service', 'inbox.before-commit'],
  ];
  for (const [app, name] of crashPoints)
    it(`ends the same when ${app} is killed at ${name}`, async () => {
      const pass =
        name === 'http.before-answer' || name === 'http.before-commit' ? 5 + random.below(3) : 1 + random.below(2);
      await restart(app, `${name}:${pass}`);
      const supervisor = supervise(app);
      const label = `killed-at-${name}`;
      try {
        await traffic(label);
        await expect.poll(supervisor.deaths, { timeout: 20_000 }).toBe(1);
        await expectSettled([label]);
      } finally {
        await supervisor.end();
      }
    });

  for (const name of ['http.before-commit', 'http.before-answer'])
    it(`takes a model once, and inspects it, when submission-service is killed at ${name}`, async () => {
      const number = name === 'http.before-commit' ? 900_001 : 900_002;
      await admin.query(
        `insert into submissions.known_tasks (task, version, phase, paused, spec, spec_hash, closes_at)
         values ($1, 1, 'submission', false, $2, 'hash', now() + interval '1 day')`,
        [number, JSON.stringify(TaskSpec.parse(taskSpec('Faults')))],
      );
      await admin.query(
        `insert into submissions.known_stakes (program, task, role, account, version, total, block)
         values (0, $1, 'trainer', $2, 1, 1000000000000000000, 1)`,
        [number, arena.wallet(0).address.toLowerCase()],
      );
      const submit = () =>
        rawCall(arena.running('submission-service').url, 'submissions.small', {
          token,
          query: `?task=${number}&filename=m.onnx`,
          body: Buffer.from('no model at all'),
          headers: { 'idempotency-key': `small-${number}` },
        });
      await restart('submission-service', `${name}:1`);
      await expect(submit()).rejects.toThrow('fetch failed');
      await restart('submission-service');
      const again = await submit();
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([
        202,
        name === 'http.before-answer' ? 'true' : null,
      ]);
      expect(await rows(`select state from submissions.quota_entries where task = ${number}`)).toHaveLength(1);
      const states = () => rows(`select state from submissions.submissions where task = ${number}`);
      await expect.poll(states, { timeout: 60_000, interval: 200 }).toEqual([{ state: 'rejected' }]);
    });

  it('loses nothing when Redis is emptied again and again in the middle of the traffic', async () => {
    const redis = new Redis(arena.redis.url);
    const labels = Array.from({ length: 8 }, (_, i) => `flushed-${i}`);
    let over = false;
    const flushing = (async () => {
      // The run's Redis is shared with nobody while these tests run. Bounded, for slow machines.
      for (let times = 0; !over && times < 100; times++) {
        await redis.flushall();
        await sleep(50 + random.below(150));
      }
    })();
    await Promise.all(labels.map(traffic)).finally(() => (over = true));
    await flushing;
    const emptied = performance.now();
    await expectSettled(labels);
    expect(performance.now() - emptied).toBeLessThan(30_000);
    redis.disconnect();
  });

  it('does everything once when the connections to Postgres are cut in the middle of the traffic', async () => {
    const labels = Array.from({ length: 4 }, (_, i) => `cut-${i}`);
    let over = false;
    const cutting = (async () => {
      // Bounded, so that a machine on which every call takes longer than that gets on as well.
      for (let cuts = 0; !over && cuts < 20; cuts++) {
        await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like '%_app'`,
        );
        await sleep(200 + random.below(400));
      }
    })();
    await Promise.all(labels.map(traffic)).finally(() => (over = true));
    await cutting;
    await expectSettled(labels);
  });
});
