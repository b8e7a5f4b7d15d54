import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  timeoutMs?: number;
  everyMs?: number;
  /** What is being waited for, for the message when it does not come. */
  what?: string;
}

/** Asks until the answer is truthy, and gives that answer; a throwing condition counts as "not yet". */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<NonNullable<T>, false>> {
  const { timeoutMs = 10_000, everyMs = 25, what = 'the condition' } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await condition();
      if (answer) return answer as Exclude<NonNullable<T>, false>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
    await sleep(everyMs);
  }
}
