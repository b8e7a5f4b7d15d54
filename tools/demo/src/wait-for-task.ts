import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Received } from '@arena/sdk';
import type { Context } from './context.js';

type Task = Received<'tasks.get'>;

const ASK_EVERY_MS = 200;
/** The clock of the arena moves a task within a second or two of its time. */
const LATE_MS = 30_000;
/** A block every two seconds, and two more until it is final. */
const FINAL_MS = 8_000;

export interface Wait {
  what: string;
  is(task: Task): boolean;
  /** When it should be so; once the chain has told of what was just signed, when left out. */
  due?: Date;
  /** Who looks: anybody, unless the task is a draft. */
  as?: Client;
}

/** Waits as anybody outside would: an unchanged task costs an empty answer. */
export async function waitForTask({ client, say, signal, fact }: Context, wait: Wait): Promise<Task> {
  const { what, is, as = client, due = new Date(Date.now() + FINAL_MS) } = wait;
  const from = Date.now();
  const total = Math.max(1, due.getTime() - from);
  const params = { task: fact('task').task };
  let tag: string | undefined;
  for (;;) {
    const answer = await as.callWithMeta('tasks.get', { params, ifNoneMatch: tag, signal });
    tag = answer.etag;
    if (!answer.unchanged && is(answer.body)) {
      say.progress(what, total, total, 'ms');
      return answer.body;
    }
    const waited = Date.now() - from;
    if (waited > total + LATE_MS) throw new Error(`Not so since ${due.toISOString()}: ${what}`);
    say.progress(what, Math.min(waited, total - 1), total, 'ms');
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}
