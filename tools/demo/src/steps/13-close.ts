import type { Step } from '../context.js';
import { refused } from '../refused.js';
import { waitForTask } from '../wait-for-task.js';

export const close: Step = {
  name: 'close',
  title: 'Submissions close by the clock',
  async run(context) {
    const { say, fact, know, organiser } = context;
    const { task, schedule } = fact('task');
    const due = new Date(schedule?.closesAt ?? 0);
    const is = ({ phase }: { phase: string }) => phase === 'final';
    const closed = know('task', await waitForTask(context, { what: 'until it closes', due, is }));
    const finalEndsAt = BigInt(Date.parse(closed.schedule?.finalEndsAt ?? '') / 1_000);
    const again = organiser().extendTask({ task: BigInt(task), closesAt: finalEndsAt - 1n, finalEndsAt });
    say.note(await refused(again, 'client/reverted', 'Opening submissions once more'));
    say.note(`the final phase ends at ${closed.schedule?.finalEndsAt}`);
  },
};
