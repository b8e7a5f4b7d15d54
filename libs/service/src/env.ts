import { list, port, seconds, url } from '@arena/env';
import { logLevels } from '@arena/observe';
import { z } from 'zod';

/** What every service needs; an app extends it with its own: `z.object({ ...serviceEnv, … })`. */
export const serviceEnv = {
  HOST: z.string().default('0.0.0.0').describe('address to listen on'),
  PORT: port().default(3000).describe('port of the API'),
  METRICS_PORT: port().default(9464).describe('port of /healthz, /readyz and /metrics'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https')
    .optional()
    .describe('where traces go; none are recorded without it'),
  SHUTDOWN_GRACE_SECONDS: seconds().default(25),
  SHUTDOWN_DRAIN_SECONDS: seconds().default(3),
};

/** What a service with a database and queues needs besides. */
export const durableEnv = {
  ...serviceEnv,
  DATABASE_URL: url('postgres', 'postgresql').describe('runtime role of the service'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10).describe('connections at most'),
  REDIS_URL: url('redis', 'rediss'),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'is not a prefix: expected a-z, 0-9 and dashes')
    .default('arena'),
  TRUST_PROXY: list(z.string()).default(['127.0.0.1', '::1']).describe('proxies whose X-Forwarded-For is believed'),
  RATE_LIMIT_FACTOR: z.coerce.number().positive().max(1_000_000).default(1).describe('multiplies every rate limit'),
};
