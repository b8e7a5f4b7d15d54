import { scrubText } from '../logging/scrub-text.js';
import { withTimeLimit } from '../time-limit.js';

/** Resolves when the thing can be used; rejects with why not. */
export type Check = () => Promise<unknown>;
export type Checks = Readonly<Record<string, Check>>;

export type CheckResult = { ok: true; ms: number } | { ok: false; ms: number; error: string };

/** All at once, each with its own time limit: one that hangs must not hide what the others say. */
export async function runChecks(checks: Checks, timeoutMs: number): Promise<Record<string, CheckResult>> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const),
  );
  return Object.fromEntries(results);
}

async function runCheck(check: Check, timeoutMs: number): Promise<CheckResult> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    await withTimeLimit((async () => check())(), timeoutMs, `no answer within ${timeoutMs} ms`);
    return { ok: true, ms: ms() };
  } catch (error) {
    return { ok: false, ms: ms(), error: scrubText(error instanceof Error ? error.message : String(error)) };
  }
}
