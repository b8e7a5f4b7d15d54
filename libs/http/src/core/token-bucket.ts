// A token bucket: `capacity` calls at once, refilled evenly. The same arithmetic runs in Redis as a script.

export interface BucketSize {
  capacity: number;
  perSecond: number;
}

export interface Bucket {
  tokens: number;
  at: number;
}

export interface Grant {
  granted: number;
  /** Whole tokens left after the grant. */
  remaining: number;
  /** Milliseconds until one more token is there; 0 when there is one. */
  waitMs: number;
}

export function take(
  bucket: Bucket | undefined,
  size: BucketSize,
  want: number,
  nowMs: number,
): Grant & { next: Bucket } {
  const elapsed = bucket ? Math.max(0, nowMs - bucket.at) : 0;
  const filled = Math.min(size.capacity, (bucket?.tokens ?? size.capacity) + (elapsed * size.perSecond) / 1_000);
  const granted = Math.min(want, Math.floor(filled));
  const tokens = filled - granted;
  const waitMs = tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1_000) / size.perSecond);
  return { granted, remaining: Math.floor(tokens), waitMs, next: { tokens, at: nowMs } };
}
