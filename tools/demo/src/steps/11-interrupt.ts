import { setTimeout as sleep } from 'node:timers/promises';
import type { Received } from '@arena/sdk';
import type { Step } from '../context.js';
import { refused } from '../refused.js';
import { waitForTask } from '../wait-for-task.js';

const LONGER_SECONDS = 8;
const PAUSE_MS = 1_000;

export const interrupt: Step = {
  name: 'interrupt',
  title: 'The deadlines are extended on chain, the task is stopped and started again',
  async run(context) {
    const { say, signal, fact, know, admin, organiser } = context;
    const { task } = fact('task');
    const before = scheduleOf(fact('task'));
    const later = (time: string) => Date.parse(time) / 1_000 + LONGER_SECONDS;
    await organiser().extendTask({
      task: BigInt(task),
      closesAt: BigInt(later(before.closesAt)),
      finalEndsAt: BigInt(later(before.finalEndsAt)),
    });
    const is = ({ schedule }: Received<'tasks.get'>) => schedule?.closesAt !== before.closesAt;
    const extended = know('task', await waitForTask(context, { what: 'until the extension is final', is }));
    say.note(`extended: closes at ${scheduleOf(extended).closesAt} instead of ${before.closesAt}`);

    const params = { task };
    await admin().call('tasks.pause', { params, body: { reason: 'Something looks odd' }, signal });
    const again = admin().call('tasks.pause', { params, body: { reason: 'Twice' }, signal });
    say.note(await refused(again, 'task/paused', 'Pausing what stands still'));
    await sleep(PAUSE_MS, undefined, { signal });
    const resumed = await admin().call('tasks.resume', { params, body: { reason: 'It was nothing' }, signal });
    if (scheduleOf(resumed).closesAt !== scheduleOf(extended).closesAt)
      throw new Error('The times of a task on chain are the chain’s: a pause must not move them');
    say.note('resumed: the times are the chain’s, and did not move');
    know('task', resumed);
  },
};

function scheduleOf({ schedule }: Received<'tasks.get'>) {
  if (!schedule) throw new Error('A running task has no times');
  return schedule;
}
