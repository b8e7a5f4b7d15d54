import type { Step } from '../context.js';
import { inSeconds } from '../core/shape.js';
import { waitForPhase } from '../wait-for-phase.js';

const OPENS_MS = 1_000;
const SUBMISSION_MS = 6_000;
const FINAL_MS = 4_000;

export const open: Step = {
  name: 'open',
  title: 'The times are set, and the task opens by the clock',
  async run(context) {
    const { say, signal, fact, know, admin } = context;
    const after = (ms: number) => new Date(now + ms).toISOString();
    const now = Date.now() + OPENS_MS;
    const schedule = {
      opensAt: after(0),
      closesAt: after(SUBMISSION_MS),
      finalEndsAt: after(SUBMISSION_MS + FINAL_MS),
    };
    const params = { task: fact('task').task };
    await admin().call('tasks.open', { params, body: { schedule, reason: 'The demo begins' }, signal });
    say.note(`open for ${inSeconds(SUBMISSION_MS)}, then a final phase of ${inSeconds(FINAL_MS)}`);
    know('task', await waitForPhase(context, 'submission', new Date(schedule.opensAt), 'until it opens'));
  },
};
