import { limits } from '@arena/contracts';
import { testRedis } from '@arena/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimiter, type Limiter } from './limiter.js';

// The one that is refilled slowest: two a second, so that a slow machine does not see it full again.
const { burst } = limits.auth;

describe('the limiter', () => {
  let redis: Redis;
  let limiter: Limiter;

  beforeAll(async () => {
    const { url, prefix } = await testRedis();
    redis = new Redis(url);
    limiter = createLimiter({ redis, prefix });
  });
  afterAll(() => redis.disconnect());

  const takeAll = async (who: string, times: number, by: Limiter = limiter) =>
    (await Promise.all(Array.from({ length: times }, () => by.take('auth', who)))).filter(({ allowed }) => allowed)
      .length;

  it('lets a whole burst through that comes at once, and not much more', async () => {
    const allowed = await takeAll('crowd', burst + 200);
    // A few more are refilled while the crowd is served.
    expect(allowed).toBeGreaterThanOrEqual(burst);
    expect(allowed).toBeLessThan(burst + 30);
  });

  it('counts each caller alone', async () => {
    await takeAll('greedy', burst + 200);
    expect((await limiter.take('auth', 'modest')).allowed).toBe(true);
  });

  it('says when to come again', async () => {
    await takeAll('late', burst + 200);
    const refused = await limiter.take('auth', 'late');
    expect([refused.allowed, refused.remaining]).toEqual([false, 0]);
    expect(refused.waitSeconds).toBeGreaterThan(0);
  });

  it('is shared by all instances', async () => {
    const { url, prefix } = await testRedis();
    const [one, two] = [createLimiter({ redis, prefix }), createLimiter({ redis: new Redis(url), prefix })];
    const [a, b] = await Promise.all([takeAll('both', burst, one), takeAll('both', burst, two)]);
    expect(a + b).toBeLessThan(burst + 30);
  });

  it('goes on alone while Redis is away, with the same limit', async () => {
    const away = new Redis('redis://127.0.0.1:9', {
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: null,
    });
    away.on('error', () => undefined);
    const faults: unknown[] = [];
    const alone = createLimiter({ redis: away, prefix: 'alone', onFallback: error => faults.push(error) });
    const allowed = await takeAll('alone', burst + 200, alone);
    expect(allowed).toBeGreaterThanOrEqual(burst);
    expect(allowed).toBeLessThan(burst + 30);
    expect(faults.length).toBeGreaterThan(0);
  });
});
