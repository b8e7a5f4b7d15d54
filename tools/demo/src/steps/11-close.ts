import type { Step } from '../context.js';
import { refused } from '../refused.js';
import { waitForPhase } from '../wait-for-phase.js';

export const close: Step = {
  name: 'close',
  title: 'Submissions close by the clock',
  async run(context) {
    const { say, signal, fact, know, admin } = context;
    const { task, schedule } = fact('task');
    const closesAt = new Date(schedule?.closesAt ?? 0);
    const closed = know('task', await waitForPhase(context, 'final', closesAt, 'until it closes'));
    const tooLate = { closesAt: new Date(Date.now() + 60_000).toISOString(), reason: 'Too late' };
    const extension = admin().call('tasks.extend', { params: { task }, body: tooLate, signal });
    say.note(await refused(extension, 'task/schedule', 'Opening submissions once more'));
    say.note(`the final phase ends at ${closed.schedule?.finalEndsAt}`);
  },
};
