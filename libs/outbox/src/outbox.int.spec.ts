import { acknowledgers, type Message } from '@arena/contracts';
import type { Sql } from '@arena/db';
import { testRedis, waitFor } from '@arena/testing';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Subscriber, subscriber } from './fixture/subscriber.js';
import { audit, twoServices, type TwoServices } from './fixture/two-services.js';
import { type Outgoing, once, outboxGauges, publish, receive, type Relay, startRelay } from './index.js';
import { collectAcks } from './relay/collect-acks.js';
import { prune } from './relay/prune.js';

const prompt = { pollMs: 50, collectMs: 100, reconcileMs: 200, overdueMs: 300 };
let two: TwoServices;
let redis: { url: string; prefix: string };
let closing: (() => Promise<unknown>)[];

const relay = (over: object = {}): Relay => {
  const options = {
    service: 'rewards-service',
    databaseUrl: two.senderUrl,
    redisUrl: redis.url,
    prefix: redis.prefix,
  } as const;
  const started = startRelay({ ...options, timing: prompt, ...over });
  closing.push(started.close);
  return started;
};
const take = async (over: object = {}): Promise<Subscriber> => {
  const place = { databaseUrl: two.takerUrl, redisUrl: redis.url, prefix: redis.prefix };
  const started = await subscriber({ ...place, ...over });
  closing.push(started.close);
  return started;
};
const send = (outgoing: Outgoing | Outgoing[]) => two.sender.transaction(tx => publish(tx, outgoing));

beforeEach(async () => {
  closing = [];
  [two, redis] = await Promise.all([twoServices(), testRedis()]);
});
afterEach(async () => {
  await Promise.all(closing.map(close => close()));
  await two.close();
});

describe('a message', () => {
  it('leaves when its transaction commits, is taken once, and its row is closed', async () => {
    relay();
    await take();
    const [message] = await send(audit('thing:1'));
    await waitFor(async () => (await two.open()) === 0);
    const rows = await two.taker.read.query('select message_id as id, subject from effect');
    expect(rows).toEqual([{ id: message?.id, subject: 'thing:1' }]);
    expect(await two.taker.read.query('select 1 from bus.acks')).toEqual([]);
  });

  it('does not leave when its transaction rolls back', async () => {
    const failing = two.sender.transaction(async tx => {
      await publish(tx, audit());
      throw new Error('undo');
    });
    await expect(failing).rejects.toThrow('undo');
    expect(await two.open()).toBe(0);
  });

  it('of the wrong shape is refused before anything is written', async () => {
    const wrong = { ...audit(), payload: { actor: '' } } as unknown as Outgoing;
    await expect(send([audit(), wrong])).rejects.toThrow(/payload/);
    expect(await two.open()).toBe(0);
  });

  it('to nobody is closed as soon as it is relayed', async () => {
    relay();
    const waiting = { name: 'assignment.waiting.v1', entity: 'task:1', entityVersion: 1 } as const;
    await send({ ...waiting, payload: { task: 1, backlog: 3 } });
    await waitFor(async () => (await two.open()) === 0);
  });

  it('keeps the order of its siblings in the table, however many are sent at once', async () => {
    const sent = await send(Array.from({ length: 500 }, () => audit()));
    const rows = await two.sender.read.query<{ id: string }>('select id from outbox order by id');
    expect(rows.map(row => row.id)).toEqual(sent.map(message => message.id));
  });

  it('arrives at once, without waiting for a poll', async () => {
    relay({ timing: { pollMs: 60_000, collectMs: 50 } });
    await take();
    await send(audit());
    await waitFor(async () => (await two.effects()) === 1, { timeoutMs: 2_000 });
    await send(audit());
    await waitFor(async () => (await two.effects()) === 2, { timeoutMs: 1_000 });
  });

  it('arrives as soon as a broken listening connection is back, and at once from then on', async () => {
    relay({ timing: { ...prompt, pollMs: 60_000 } });
    await take();
    await send(audit());
    await waitFor(async () => (await two.effects()) === 1);
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'arena outbox listener' and datname = current_database()`;
    expect(await two.sender.read.query(cut)).toHaveLength(1);
    await send(audit());
    await waitFor(async () => (await two.effects()) === 2, { timeoutMs: 3_000 });
    await send(audit());
    await waitFor(async () => (await two.effects()) === 3, { timeoutMs: 1_000 });
  });

  it('is sent once by three relays that share the work', async () => {
    relay();
    relay();
    relay();
    await take();
    for (let i = 0; i < 10; i++) await send(Array.from({ length: 50 }, () => audit()));
    await waitFor(async () => (await two.open()) === 0);
    expect(await two.effects()).toBe(500);
    expect(await two.doubled()).toBe(0);
  });
});

type Effect = () => Promise<unknown>;
const task = 'task-service' as const;
const write = (tx: Sql, id: string) => tx.query(`insert into effect values ($1, 'x')`, [id]);

describe.each([
  [
    'once',
    (message: Message, effect: Effect) =>
      two.taker.transaction(tx => once(tx, { message, subscriber: task }, () => write(tx, message.id).then(effect))),
  ],
  [
    'receive',
    (message: Message, effect: Effect) =>
      receive(two.taker, { message, subscriber: task }, tx => write(tx, message.id).then(effect)),
  ],
])('an effect, by %s,', (_name, perform) => {
  const deliver = (message: Message, effect: Effect = async () => undefined) => perform(message, effect);

  it('happens once when a message is delivered ten times at once', async () => {
    const [message] = await send(audit());
    const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(message!)));
    expect(answers.filter(answer => answer === 'done')).toHaveLength(1);
    expect(await two.effects()).toBe(1);
    expect(await two.taker.read.query('select subscriber from bus.acks')).toEqual([{ subscriber: 'task-service' }]);
  });

  it('that fails leaves neither inbox row nor acknowledgement, and may succeed later', async () => {
    const [message] = await send(audit());
    const failing = deliver(message!, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await two.taker.read.query('select 1 from inbox union all select 1 from bus.acks')).toEqual([]);
    expect(await deliver(message!)).toBe('done');
  });

  it('does not come back when its acknowledgement was read and the message comes again', async () => {
    relay();
    const [message] = await send(audit());
    await deliver(message!);
    await waitFor(async () => (await two.open()) === 0);
    expect(await deliver(message!)).toBe('duplicate');
    expect(await two.taker.read.query('select 1 from bus.acks')).toEqual([]);
  });
});

it('counts what is open and how old the oldest is', async () => {
  const subject = relay();
  expect(await subject.gauges()).toEqual({ open: 0, oldestOpenSeconds: 0, deadLetters: 0 });
  await send([audit(), audit()]);
  await two.sender.read.query(`update outbox set created_at = now() - interval '1 minute'`);
  const gauges = await outboxGauges(two.sender.read, 'rewards-service');
  expect(gauges).toMatchObject({ open: 2, deadLetters: 0 });
  expect(gauges.oldestOpenSeconds).toBeGreaterThan(59);
});

it('does not ring again for what still waits in its queue', async () => {
  const restored: number[] = [];
  relay({ onRestored: (count: number) => restored.push(count) });
  await send(audit());
  const queue = new Queue('task-service.commands', { connection: { url: redis.url }, prefix: redis.prefix });
  await waitFor(async () => (await queue.getWaitingCount()) === 1);
  await new Promise(resolve => setTimeout(resolve, 1_200));
  expect(restored).toEqual([]);
  await queue.close();
});

it('forgets what was taken long ago, and nothing that is open', async () => {
  await send(audit());
  await two.sender.read.query(`update outbox set created_at = now() - interval '400 days'`);
  const row = `(gen_random_uuid(), now() - interval '31 days'), (gen_random_uuid(), now())`;
  await two.sender.read.query(`insert into inbox (message_id, at) values ${row}`);
  await prune(two.sender, { inboxDays: 30, acksDays: 30 });
  expect(await two.open()).toBe(1);
  expect(await two.sender.read.query('select 1 from inbox')).toHaveLength(1);
});

it('reads acknowledgements in one relay at a time', async () => {
  const [message] = await send(audit());
  await two.taker.read.query('insert into bus.acks (message_id, subscriber) values ($1, $2)', [message?.id, task]);
  await two.sender.transaction(async tx => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('outbox.collect'), hashtext(current_schema()))::text`);
    expect(await collectAcks(two.sender, 10)).toBe(0);
  });
  expect(await collectAcks(two.sender, 10)).toBe(1);
  expect(await two.open()).toBe(0);
});

it('waits for every subscriber', async () => {
  relay();
  relay();
  relay();
  const account = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
  const state = { displayName: null, payoutAddress: null, conflictGroup: null, roles: [] };
  const name = 'account.changed.v1';
  const sent = await send(
    Array.from(
      { length: 50 },
      (_, i) => ({ name, entity: 'a', entityVersion: i + 1, payload: { account, ...state } }) as const,
    ),
  );
  const subscribers = acknowledgers(name);
  for (const subscriber of subscribers) {
    expect(await two.open()).toBe(50);
    const ids = sent.map(message => message.id);
    await two.taker.read.query('insert into bus.acks (message_id, subscriber) select unnest($1::uuid[]), $2', [
      ids,
      subscriber,
    ]);
    await waitFor(async () => (await two.taker.read.query('select 1 from bus.acks')).length === 0);
  }
  await waitFor(async () => (await two.open()) === 0);
});
