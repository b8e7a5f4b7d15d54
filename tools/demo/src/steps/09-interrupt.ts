import { setTimeout as sleep } from 'node:timers/promises';
import type { Received } from '@arena/sdk';
import type { Step } from '../context.js';
import { refused } from '../refused.js';

const LONGER_MS = 2_000;
const PAUSE_MS = 1_000;

export const interrupt: Step = {
  name: 'interrupt',
  title: 'The deadlines are extended, the clock is stopped and started again',
  async run({ say, signal, fact, know, admin }) {
    const params = { task: fact('task').task };
    const before = scheduleOf(fact('task'));
    const later = (time: string) => new Date(Date.parse(time) + LONGER_MS).toISOString();
    const body = {
      closesAt: later(before.closesAt),
      finalEndsAt: later(before.finalEndsAt),
      reason: 'More time for all',
    };
    const extended = await admin().call('tasks.extend', { params, body, signal });
    say.note(`extended: closes at ${scheduleOf(extended).closesAt} instead of ${before.closesAt}`);

    await admin().call('tasks.pause', { params, body: { reason: 'Something looks odd' }, signal });
    const again = admin().call('tasks.pause', { params, body: { reason: 'Twice' }, signal });
    say.note(await refused(again, 'task/paused', 'Pausing what stands still'));
    await sleep(PAUSE_MS, undefined, { signal });
    const resumed = await admin().call('tasks.resume', { params, body: { reason: 'It was nothing' }, signal });
    const shift = Date.parse(scheduleOf(resumed).closesAt) - Date.parse(scheduleOf(extended).closesAt);
    if (shift < PAUSE_MS) throw new Error(`It stood still for ${PAUSE_MS} ms, but its deadline moved by ${shift} ms`);
    say.note(`resumed: what it stood still is given back, ${shift} ms`);
    know('task', resumed);
  },
};

function scheduleOf({ schedule }: Received<'tasks.get'>) {
  if (!schedule) throw new Error('A running task has no times');
  return schedule;
}
