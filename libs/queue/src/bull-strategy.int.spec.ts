import 'reflect-metadata';
import { type MessageName, queueName, type ServiceName } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import { testRedis, waitFor } from '@arena/testing';
import { Controller, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BullStrategyOptions,
  connectQueues,
  type DeadJob,
  jobOptions,
  type JobContext,
  type JobRun,
} from './index.js';

const account = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const service: ServiceName = 'chain-indexer';
const calm = { backoffMs: 10, attempts: 3 };

let counter = 0;
function message(name: MessageName = 'account.changed.v1', payload: object = {}) {
  const id = `0197d2b8-1234-7000-8000-${String(++counter).padStart(12, '0')}`;
  const state = { account, displayName: null, payoutAddress: null, conflictGroup: null, roles: [], ...payload };
  return {
    id,
    name,
    entity: `account:${account}`,
    entityVersion: 1,
    occurredAt: new Date().toISOString(),
    payload: state,
  };
}

let redis: { url: string; prefix: string };
let queue: Queue;
let app: INestApplication | undefined;
let dead: DeadJob[];
let runs: JobRun[];
let handle: (data: { id: string }, context: JobContext) => unknown;

/** A controller with one handler; decorators are called, so that no transformer has to know their syntax. */
function controller(name: string, run: typeof handle): Type {
  class Handlers {
    run(data: { id: string }, context: JobContext) {
      return run(data, context);
    }
  }
  const method = Object.getOwnPropertyDescriptor(Handlers.prototype, 'run') ?? {};
  EventPattern(name)(Handlers.prototype, 'run', method);
  Payload()(Handlers.prototype, 'run', 0);
  Ctx()(Handlers.prototype, 'run', 1);
  Controller()(Handlers);
  return Handlers;
}

const Accounts = controller('account.changed.v1', (data, context) => handle(data, context));
const Keys = controller('key.changed.v1', () => undefined);
const MoreKeys = controller('key.changed.v1', () => undefined);
const Foreign = controller('audit.record.v1', () => undefined);

async function start(controllers: Type[], over: Partial<BullStrategyOptions> = {}): Promise<INestApplication> {
  class App {}
  Module({ controllers })(App);
  const started = await NestFactory.create(App, new FastifyAdapter(), { logger: false });
  const options: BullStrategyOptions = {
    service,
    redisUrl: redis.url,
    prefix: redis.prefix,
    onDead: async job => void dead.push(job),
    onRun: run => void runs.push(run),
    ...over,
  };
  connectQueues(started, options);
  await started.startAllMicroservices();
  return started;
}

const send = (data: { id: string; name: string }, settings = calm) =>
  queue.add(data.name, data, jobOptions(data.id, data.name, settings));

beforeEach(async () => {
  redis = await testRedis();
  queue = new Queue(queueName(service, 'events'), { connection: { url: redis.url }, prefix: redis.prefix });
  [dead, runs, app] = [[], [], undefined];
  handle = () => undefined;
});
afterEach(async () => {
  await app?.close();
  await queue.close();
});

it('gives a handler the whole message, parsed, and leaves nothing in Redis', async () => {
  const seen: unknown[] = [];
  handle = (data, context) => seen.push([data, context.queue, context.earlierAttempts]);
  app = await start([Accounts, Keys]);
  const sent = message();
  await send({ ...sent, later: 'field' } as typeof sent);
  await waitFor(() => runs.length === 1);

  expect(seen).toEqual([[sent, 'chain-indexer.events', 0]]);
  expect(runs[0]).toMatchObject({ name: 'account.changed.v1', outcome: 'done', queue: 'chain-indexer.events' });
  await waitFor(async () => (await queue.getJobCountByTypes()) === 0);
});

it('takes a job of the same id once while it is in the queue', async () => {
  const sent = message();
  await send(sent);
  await send(sent);
  expect(await queue.getWaitingCount()).toBe(1);
});

it('tries again after an error, with a growing wait, and calls it dead after the last attempt', async () => {
  const times: number[] = [];
  handle = () => {
    times.push(Date.now());
    throw new Error('database is away');
  };
  app = await start([Accounts, Keys]);
  const sent = message();
  await send(sent, { attempts: 3, backoffMs: 200 });
  await waitFor(() => dead.length === 1);
  expect(times).toHaveLength(3);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(90);
  expect(runs.map(run => run.outcome)).toEqual(['failed', 'failed', 'dead']);
  expect(dead[0]).toMatchObject({ jobId: sent.id, subscriber: service, attempts: 3, data: sent });
  expect(dead[0]?.error.message).toBe('database is away');
});

it('does not try again what a rule refused', async () => {
  let calls = 0;
  handle = () => {
    calls += 1;
    throw new DomainError('task/phase', { detail: 'It is a draft.' });
  };
  app = await start([Accounts, Keys]);
  await send(message());
  await waitFor(() => dead.length === 1);
  expect(calls).toBe(1);
  expect(dead[0]?.error.message).toBe('task/phase: It is a draft.');
});

it('never shows a handler a payload of the wrong shape', async () => {
  let calls = 0;
  handle = () => calls++;
  app = await start([Accounts, Keys]);
  await send(message('account.changed.v1', { roles: 'all' }));
  await waitFor(() => dead.length === 1);
  expect(calls).toBe(0);
  expect(dead[0]?.error.message).toMatch(/not a valid account.changed.v1/);
});

it('tries a message again that only a later release knows', async () => {
  app = await start([Accounts, Keys]);
  await send({ ...message(), name: 'account.changed.v7' as MessageName });
  await waitFor(() => runs.some(run => run.outcome === 'failed'));
  await waitFor(() => dead.length === 1);
  expect(dead[0]?.attempts).toBe(3);
});

describe('at boot', () => {
  it.each([
    ['a missing handler', [Accounts], /no handler for key.changed.v1: add @EventPattern\('key.changed.v1'\)/],
    ['a doubled handler', [Accounts, Keys, MoreKeys], /2 handlers for key.changed.v1: keep one/],
    [
      'a handler for what nobody routes here',
      [Accounts, Keys, Foreign],
      /audit.record.v1, which nobody routes to chain-indexer/,
    ],
  ])('refuses %s', async (_what, controllers, complaint) => {
    await expect(start(controllers)).rejects.toThrow(complaint);
  });

  it('waits for no Redis, neither at the start nor at the end', async () => {
    app = await start([Accounts, Keys], { redisUrl: 'redis://127.0.0.1:1' });
  });
});

it('waits at close for what runs, and takes nothing more', async () => {
  let finish = () => {};
  let done = false;
  handle = () => new Promise<void>(resolve => (finish = resolve)).then(() => (done = true));
  app = await start([Accounts, Keys], { settings: { concurrency: 1 } });
  await send(message());
  await send(message());
  await waitFor(async () => (await queue.getActiveCount()) === 1);
  const closing = app.close();
  setTimeout(() => finish(), 300);
  await closing;
  app = undefined;
  expect(done).toBe(true);
  expect(await queue.getWaitingCount()).toBe(1);
});
