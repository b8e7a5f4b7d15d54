import type { Step } from '../context.js';
import { inSeconds } from '../core/shape.js';
import { waitForTask } from '../wait-for-task.js';

const OPENS_SECONDS = 2;
const SUBMISSION_SECONDS = 24;
const FINAL_SECONDS = 8;

export const open: Step = {
  name: 'open',
  title: 'The spec is committed to, the times are set, and the task opens',
  async run(context) {
    const { say, fact, know, organiser } = context;
    const { task, specHash } = fact('task');
    const chain = fact('chain');
    const opensAt = (await chain.now()) + OPENS_SECONDS;
    const closesAt = opensAt + SUBMISSION_SECONDS;
    const times = { opensAt, closesAt, finalEndsAt: closesAt + FINAL_SECONDS };
    const { block } = await organiser().openTask({
      task: BigInt(task),
      specHash: `0x${specHash}`,
      opensAt: BigInt(times.opensAt),
      closesAt: BigInt(times.closesAt),
      finalEndsAt: BigInt(times.finalEndsAt),
    });
    say.note(`the hash of the spec stands in block ${block}`);
    say.note(
      `open for ${inSeconds(SUBMISSION_SECONDS * 1_000)}, then a final phase of ${inSeconds(FINAL_SECONDS * 1_000)}`,
    );
    know('task', await waitForTask(context, { what: 'until it opens', is: ({ phase }) => phase === 'submission' }));
  },
};
