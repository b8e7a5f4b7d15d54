import type { Logger } from '../logging/logger.js';
import { withTimeLimit } from '../time-limit.js';
import type { Step } from './phases.js';

/** True when the step ended well and in time; the steps after it run in any case. */
export async function runStep(step: Step, timeoutMs: number, log: Logger): Promise<boolean> {
  const started = performance.now();
  const about = () => ({ phase: step.phase, step: step.name, ms: Math.round(performance.now() - started) });
  try {
    await withTimeLimit((async () => step.run())(), timeoutMs, `not done within ${Math.round(timeoutMs)} ms`);
    log.info(about(), 'shutdown step done');
    return true;
  } catch (error) {
    log.error({ ...about(), err: error }, 'shutdown step failed');
    return false;
  }
}
