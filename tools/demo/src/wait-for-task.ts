import { setTimeout as sleep } from 'node:timers/promises';
import type { Received } from '@arena/sdk';
import type { Context } from './context.js';

type Task = Received<'tasks.get'>;

const ASK_EVERY_MS = 200;
/** The clock of the arena moves a task within a second or two of its time. */
const LATE_MS = 15_000;

/** Waits for the clock, as anybody outside would: an unchanged task costs an empty answer. */
export async function waitForPhase(
  { client, say, signal, fact }: Context,
  phase: Task['phase'],
  due: Date,
  label: string,
): Promise<Task> {
  const from = Date.now();
  const total = Math.max(1, due.getTime() - from);
  const params = { task: fact('task').task };
  let tag: string | undefined;
  for (;;) {
    const answer = await client.callWithMeta('tasks.get', { params, ifNoneMatch: tag, signal });
    tag = answer.etag;
    if (!answer.unchanged && answer.body.phase === phase) {
      say.progress(label, total, total, 'ms');
      return answer.body;
    }
    const waited = Date.now() - from;
    if (waited > total + LATE_MS)
      throw new Error(`The task should have been in the phase ${phase} since ${due.toISOString()}`);
    say.progress(label, Math.min(waited, total - 1), total, 'ms');
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}
