// Rate limits. Buckets live in Redis, so that all instances share them; each instance takes a handful of tokens at a
// time, so that most requests ask nobody. When Redis is away the limit goes on per instance: open, not shut.
import { limits, type LimitName } from '@arena/contracts';
import type { Redis } from 'ioredis';
import { take, type Bucket, type BucketSize, type Grant } from './core/token-bucket.js';

export interface Allowance {
  allowed: boolean;
  policy: LimitName;
  capacity: number;
  windowSeconds: number;
  remaining: number;
  waitSeconds: number;
}

export interface Limiter {
  take(policy: LimitName, who: string): Promise<Allowance>;
}

export interface LimiterOptions {
  /** Commands must fail fast here: no offline queue, a short command timeout. */
  redis: Redis;
  prefix: string;
  /** Multiplies every limit; a load test on its own machine raises it. */
  factor?: number;
  onFallback?: (error: unknown) => void;
}

const SCRIPT = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local capacity, perSecond, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = capacity
if held[1] then tokens = math.min(capacity, held[1] + math.max(0, ms - held[2]) * perSecond / 1000) end
local granted = math.min(want, math.floor(tokens))
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', ms)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / perSecond * 1000) + 1000)
local wait = 0
if tokens < 1 then wait = math.ceil((1 - tokens) * 1000 / perSecond) end
return { granted, math.floor(tokens), wait }`;

/** Tokens taken ahead are given up after this long, so a quiet instance starves no other. */
const HOLD_MS = 1_000;
const MOST_HELD = 50_000;

interface Held {
  tokens: number;
  remaining: number;
  until: number;
}

export function createLimiter({ redis, prefix, factor = 1, onFallback }: LimiterOptions): Limiter {
  const held = new Map<string, Held>();
  const local = new Map<string, Bucket>();
  const asking = new Map<string, Promise<Grant>>();

  async function ask(key: string, size: BucketSize, want: number): Promise<Grant> {
    try {
      const answer = await redis.eval(SCRIPT, 1, `${prefix}:limit:${key}`, size.capacity, size.perSecond, want);
      const [granted = 0, remaining = 0, waitMs = 0] = (answer as unknown[]).map(Number);
      return { granted, remaining, waitMs };
    } catch (error) {
      onFallback?.(error);
      const { next, ...grant } = take(local.get(key), size, 1, Date.now());
      remember(local, key, next);
      return grant;
    }
  }

  function refill(key: string, size: BucketSize): Promise<Grant> {
    const asked = asking.get(key);
    if (asked) return asked;
    const answer = ask(key, size, Math.max(1, Math.floor(size.capacity / 20)))
      .then(grant => {
        const { granted: tokens, remaining } = grant;
        remember(held, key, { tokens, remaining, until: performance.now() + HOLD_MS });
        return grant;
      })
      .finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  }

  return {
    async take(policy, who) {
      const { burst, perMinute } = limits[policy];
      const size = { capacity: Math.max(1, burst * factor), perSecond: (perMinute / 60) * factor };
      const windowSeconds = Math.ceil(size.capacity / size.perSecond);
      const allowance = (allowed: boolean, remaining: number, waitMs: number): Allowance => ({
        allowed, policy, capacity: size.capacity, windowSeconds, remaining, waitSeconds: Math.ceil(waitMs / 1_000),
      }); // prettier-ignore

      const key = `${policy}:${who}`;
      for (;;) {
        const ahead = held.get(key);
        if (ahead && ahead.tokens > 0 && ahead.until > performance.now()) {
          ahead.tokens--;
          return allowance(true, ahead.remaining + ahead.tokens, 0);
        }
        // One asks, whoever comes meanwhile waits for its answer: a crowd that asked one by one would drain the bucket.
        const grant = await refill(key, size);
        if (grant.granted === 0) return allowance(false, 0, grant.waitMs);
      }
    },
  };
}

/** Maps keep the order of insertion, so the first key is the one not refreshed for longest. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  if (map.size >= MOST_HELD) map.delete(map.keys().next().value ?? '');
  map.set(key, value);
}
