/** What must hold when a process, Redis or a handler fails: nothing is lost, no effect happens twice. */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, type Server, startRedis } from '@arena/servers';
import { waitFor } from '@arena/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subscriber } from './fixture/subscriber.js';
import { audit, child, exit, kill, twoServices, type TwoServices } from './fixture/two-services.js';
import { listDeadLetters, publish, Queues, redrive, startRelay } from './index.js';

const prompt = { pollMs: 50, collectMs: 100, reconcileMs: 200, overdueMs: 300 };
const settings = { lockMs: 500, stalledIntervalMs: 250, backoffMs: 20, attempts: 5, maxStalled: 0 };
/** A Redis of our own, because others share the run's and this one is flushed and stopped. */
let redis: Server;
let startAgain: () => Promise<Server>;
let two: TwoServices;
let closing: (() => Promise<unknown>)[];
let prefix: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'arena-outbox-'));
  const port = await freePort();
  startAgain = () => startRedis({ folder, log: join(folder, 'log'), port, durable: false });
  redis = await startAgain();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  closing = [];
  prefix = `faults-${Math.random().toString(36).slice(2)}`;
  two = await twoServices();
});
afterEach(async () => {
  await Promise.all(closing.map(close => close()));
  await two.close();
});

const relay = (over: object = {}) => {
  const place = { service: 'rewards-service', databaseUrl: two.senderUrl, redisUrl: redis.url, prefix } as const;
  const started = startRelay({ ...place, settings, timing: prompt, ...over });
  closing.push(started.close);
  return started;
};
const take = async (over: object = {}) => {
  const started = await subscriber({ databaseUrl: two.takerUrl, redisUrl: redis.url, prefix, settings, ...over });
  closing.push(started.close);
  return started;
};
const send = (count: number, entity?: string) =>
  two.sender.transaction(tx =>
    publish(
      tx,
      Array.from({ length: count }, () => audit(entity)),
    ),
  );
const environment = () => ({ REDIS_URL: redis.url, QUEUE_PREFIX: prefix });
const relayProcess = (crashAt: string) =>
  child({ ...environment(), ROLE: 'relay', DATABASE_URL: two.senderUrl, CRASH_AT: crashAt });
const takerProcess = (env: Record<string, string>) =>
  child({ ...environment(), ROLE: 'subscriber', DATABASE_URL: two.takerUrl, ...env });

async function everythingOnce(count: number, timeoutMs = 20_000): Promise<void> {
  await waitFor(async () => (await two.open()) === 0, { timeoutMs, what: 'every row to be closed' });
  expect([await two.effects(), await two.doubled()]).toEqual([count, 0]);
}

// Processes of their own take seconds to start on a busy machine.
describe('a process that is killed', { timeout: 120_000 }, () => {
  it.each(['relay.before-add:1', 'relay.before-mark:1', 'collect.before-commit:1', 'reconcile.before-add:1'])(
    'as a relay at %s loses nothing and doubles nothing',
    async crashAt => {
      // To be reconciled, messages must stay open for a while.
      if (!crashAt.startsWith('reconcile')) await take();
      await send(20);
      expect(await exit(await relayProcess(crashAt))).toBe('SIGKILL');
      if (crashAt.startsWith('reconcile')) await take();
      relay();
      await everythingOnce(20);
    },
  );

  it.each(['inbox.before-effect:3', 'inbox.before-commit:3'])(
    'as a subscriber at %s loses nothing and doubles nothing',
    async crashAt => {
      relay();
      await send(20);
      expect(await exit(await takerProcess({ CRASH_AT: crashAt }))).toBe('SIGKILL');
      await take();
      await everythingOnce(20);
    },
  );

  it('by the same message again and again: that one ends as a dead letter, those beside it are done', async () => {
    relay();
    await send(3);
    await send(1, 'poison:1');
    await send(3);
    for (let deaths = 0; deaths < 2; deaths++) {
      const taker = await takerProcess({ POISON: 'poison:1' });
      expect(await exit(taker)).toBe('SIGKILL');
    }
    const survivor = await takerProcess({ POISON: 'poison:1' });
    const [letter] = await waitFor(async () => {
      const letters = await listDeadLetters(two.taker.read);
      return letters.length > 0 && letters;
    });
    expect(letter).toMatchObject({ subscriber: 'task-service', message: { entity: 'poison:1' } });
    await waitFor(async () => (await two.effects()) === 6);
    expect(await two.doubled()).toBe(0);
    expect(await listDeadLetters(two.taker.read)).toHaveLength(1);
    await waitFor(async () => (await two.open()) === 1);
    await kill(survivor);
  });
});

describe('Redis', () => {
  it('flushed at any moment of the traffic loses nothing, and all is done within 30 s by the default timing', async () => {
    relay({ timing: {}, settings: {} });
    await take({ settings: {} });
    const client = new Redis(redis.url);
    const started = Date.now();
    for (let i = 0; i < 20; i++) {
      await send(25);
      if (i % 4 === 1) await client.flushall();
    }
    await send(100);
    await client.flushall();
    client.disconnect();
    await everythingOnce(600, 30_000);
    expect(Date.now() - started).toBeLessThan(32_000);
  }, 60_000);

  it('away delays messages and loses none; they leave when it is back', async () => {
    relay();
    await take();
    await send(10);
    await waitFor(async () => (await two.open()) === 0);
    await redis.stop();
    await send(30);
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(await two.open()).toBe(30);
    redis = await startAgain();
    await everythingOnce(40);
  });

  it('away when a relay starts does not keep it from sending later', async () => {
    await redis.stop();
    relay();
    await take();
    await send(3);
    await new Promise(resolve => setTimeout(resolve, 300));
    redis = await startAgain();
    await everythingOnce(3);
  });
});

describe('a message that cannot be done', { timeout: 120_000 }, () => {
  const refuse = { before: () => Promise.reject(new Error('the rule says no')) };

  it('becomes a dead letter that the reconciler leaves alone, and is done once it is driven again', async () => {
    const restored: number[] = [];
    const subject = relay({ onRestored: (count: number) => restored.push(count) });
    const failing = await take(refuse);
    const [message] = await send(1);
    const letters = await waitFor(async () => {
      const found = await listDeadLetters(two.taker.read);
      return found.length > 0 && found;
    });
    expect(letters[0]).toMatchObject({
      messageId: message?.id,
      attempts: 5,
      error: 'the rule says no',
      name: message?.name,
    });
    await new Promise(resolve => setTimeout(resolve, 1_500));
    expect(restored).toEqual([]);
    expect(await subject.gauges()).toMatchObject({ open: 1 });

    await failing.close();
    await take();
    const queues = new Queues({ redisUrl: redis.url, prefix, settings });
    await queues.whenReady(5_000);
    expect(await redrive(two.taker, queues, { messageId: message?.id })).toHaveLength(1);
    await everythingOnce(1);
    expect(await listDeadLetters(two.taker.read)).toEqual([]);
    await queues.close();
  });

  it('comes back when its dead letter could not be written', async () => {
    relay();
    await two.taker.read.query(`insert into bus.dead_letters values (gen_random_uuid(), 'x', 'q', 'n', '{}', 'e', 1)`);
    const failing = await subscriber({
      databaseUrl: 'postgres://nobody:x@127.0.0.1:1/none',
      redisUrl: redis.url,
      prefix,
      settings: { ...settings, attempts: 1 },
    });
    await send(1);
    await new Promise(resolve => setTimeout(resolve, 500));
    await failing.close();
    await take();
    await everythingOnce(1);
  });

  it('is listed and driven again by the command', async () => {
    relay();
    const failing = await take(refuse);
    const [message] = await send(1);
    await waitFor(async () => (await listDeadLetters(two.taker.read)).length === 1);
    await failing.close();
    await take();
    const main = fileURLToPath(new URL('./dead-letters-main.ts', import.meta.url));
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['--conditions=@arena/source', '--import', 'tsx', main, ...args], {
        env: { PATH: process.env['PATH'], DATABASE_URL: two.takerUrl, ...environment() },
      });
    expect((await run('list')).stdout).toContain(`${message?.id}  task-service  audit.record.v1  5 attempts`);
    expect((await run('redrive', message?.id ?? '')).stdout).toMatch(/1 sent again/);
    await everythingOnce(1);
  });
});
