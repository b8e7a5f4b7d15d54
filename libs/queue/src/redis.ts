import { Redis, type RedisOptions } from 'ioredis';

export interface RedisConnectionOptions {
  url: string;
  /**
   * `worker` waits for Redis for as long as it takes; `sender` fails at once while Redis is away, so that whoever sends
   * can decide what to do.
   */
  role: 'worker' | 'sender';
  /** Redis going away is an event of the connection, not of one call; it reconnects by itself. */
  onError?: (error: Error) => void;
}

const patience = {
  worker: { maxRetriesPerRequest: null },
  sender: { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 10_000 },
} as const satisfies Record<string, RedisOptions>;

/** From 50 ms to 2 s between attempts, for ever: Redis is only the bell, and its return must be noticed soon. */
export const retryStrategy = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), 2_000);

export const redisOptions = (role: RedisConnectionOptions['role']) => ({
  ...patience[role],
  retryStrategy,
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // A demoted primary answers READONLY: only a new connection finds its successor.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
});

export function redisConnection(options: RedisConnectionOptions): Redis {
  const redis = new Redis(options.url, redisOptions(options.role));
  redis.on('error', options.onError ?? (() => undefined));
  return redis;
}
