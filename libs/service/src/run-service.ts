// The same boot for every service that has an API, a database and queues: check, wire, serve, and end in order.
import { createAuthenticator } from '@arena/auth';
import type { ServiceName } from '@arena/contracts';
import { assertMigrated, type Database, type MigrationSource } from '@arena/db';
import {
  assertRoutesComplete,
  closeServer,
  createAdapter,
  createLimiter,
  createStreams,
  sweepIdempotency,
} from '@arena/http';
import { gauge, httpMetrics, jobMetrics, nestLogger } from '@arena/observe';
import { keepDeadLetter, startRelay } from '@arena/outbox';
import { outboxMetrics } from './outbox-metrics.js';
import { connectQueues, redisConnection } from '@arena/queue';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import type { durableEnv } from './env.js';
import { createKeyUse } from './key-use.js';
import { startLoop } from './loop.js';
import { startProcess } from './process.js';
import { rootModule } from './root-module.js';
import type { Clock } from './tokens.js';

export type DurableEnv = z.output<z.ZodObject<typeof durableEnv>>;

export interface ServiceDefinition {
  name: ServiceName;
  env: DurableEnv;
  module: Type;
  database: Database;
  migrations: readonly MigrationSource[];
  clock?: Clock;
}

export async function runService(definition: ServiceDefinition): Promise<void> {
  const { name, env, module, database, migrations, clock = () => new Date() } = definition;
  const own = await startProcess(name, env);
  const { log, registry, shutdown } = own;
  try {
    shutdown.add('pools', 'database', () => database.close());
    await assertMigrated({ sql: database.read, sources: migrations });

    const redis = redisConnection({ url: env.REDIS_URL, role: 'sender', onError: err => log.warn({ err }, 'redis') });
    shutdown.add('pools', 'redis', () => redis.disconnect());
    const keyUse = createKeyUse(name);
    const authenticator = createAuthenticator({
      sql: database.read,
      patienceMs: name === 'task-service' ? 0 : 1_000,
      now: clock,
      onUse: keyUse.note,
    });
    const limiter = createLimiter({ redis, prefix: env.QUEUE_PREFIX, factor: env.RATE_LIMIT_FACTOR });
    const streams = createStreams();
    const root = rootModule(module, { name, env, clock, process: own, database, authenticator, limiter, streams });

    assertRoutesComplete(name, (Reflect.getMetadata('controllers', module) ?? []) as Type[]);
    const adapter = createAdapter({ metrics: httpMetrics(registry), trustProxy: env.TRUST_PROXY });
    const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
      logger: nestLogger(log),
      bodyParser: false,
      abortOnError: false,
    });

    const jobs = jobMetrics(registry);
    connectQueues(app, {
      service: name,
      redisUrl: env.REDIS_URL,
      prefix: env.QUEUE_PREFIX,
      onDead: dead => keepDeadLetter(database.read, dead),
      onError: err => log.warn({ err }, 'queue'),
      onRun: ({ queue, name: message, outcome, seconds, error }) => {
        jobs.observe({ queue, name: message, outcome: outcome === 'failed' ? 'retry' : outcome, seconds });
        if (error) log.warn({ err: error, queue, message, outcome }, 'a message was not handled');
      },
    });
    gauge(registry, {
      name: 'event_streams_open',
      help: 'Event streams being followed',
      collect: () => streams.count(),
    });
    shutdown.add('http', 'event streams', () => streams.close());
    shutdown.add('http', 'server', () => closeServer(adapter.getHttpServer()), 10_000);
    shutdown.add('workers', 'queues', () => app.close());
    await app.startAllMicroservices();

    const relay = startRelay({
      service: name,
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      prefix: env.QUEUE_PREFIX,
      onError: err => log.warn({ err }, 'relay'),
      onRestored: count => log.warn({ count }, 'Redis had lost messages; they are back in their queues'),
    });
    shutdown.add('relay', 'relay', () => relay.close());
    outboxMetrics(registry, relay);
    startLoop({ name: 'key-use', everyMs: 10_000, log, shutdown, work: () => keyUse.tell(database) });
    const sweep = async () => void (await sweepIdempotency(database.read));
    startLoop({ name: 'sweep-idempotency', everyMs: 60_000, log, shutdown, work: sweep });

    await app.listen(env.PORT, env.HOST);
    own.ready({ database: () => database.read.query('SELECT 1') });
  } catch (error) {
    log.fatal({ err: error }, `${name} cannot start`);
    await shutdown.stop('failed start');
    process.exit(1);
  }
}
