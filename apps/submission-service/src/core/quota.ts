// How many models a trainer may submit within any 24 hours, and when the next one.

export const QUOTA_WINDOW_MS = 24 * 3_600_000;

/** perDay · √(stake / minimum), rounded down: twice the models for four times the stake. */
export function quotaOf(perDay: number, stake: bigint, minimum: bigint): number {
  if (stake < minimum) return 0;
  const least = minimum > 0n ? minimum : 1n;
  return Number(squareRoot((BigInt(perDay) ** 2n * (stake > least ? stake : least)) / least));
}

/** When a place becomes free: at once, or when the oldest entries that fill the quota are a day old. */
export function nextAllowed(limit: number, entries: readonly Date[], now: Date): Date | null {
  const since = now.getTime() - QUOTA_WINDOW_MS;
  const counting = entries.map(at => at.getTime()).filter(at => at > since).sort((a, b) => a - b); // prettier-ignore
  const blocking = limit > 0 ? counting.at(-limit) : undefined;
  return blocking === undefined ? null : new Date(blocking + QUOTA_WINDOW_MS);
}

/** Rounded down. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const better = (guess + value / guess) >> 1n;
    if (better >= guess) return guess;
    guess = better;
  }
}
