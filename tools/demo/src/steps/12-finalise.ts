import { setTimeout as sleep } from 'node:timers/promises';
import { keccak256 } from 'ethers';
import type { Step } from '../context.js';
import { refused } from '../refused.js';

/** Nobody can submit yet: the root of a ranking of nobody. */
const EMPTY_RANKING = keccak256('0x');
const TICK_MS = 200;

export const finalise: Step = {
  name: 'finalise',
  title: 'The final phase ends, and the admin declares the ranking',
  async run({ say, signal, fact, know, admin }) {
    const { task, schedule } = fact('task');
    const end = Date.parse(schedule?.finalEndsAt ?? '');
    const declare = () =>
      admin().call('tasks.finalise', {
        params: { task },
        body: { rankingRoot: EMPTY_RANKING, reason: 'The final phase is over' },
        signal,
      });
    if (Date.now() < end - 2_000) say.note(await refused(declare(), 'task/phase', 'Declaring it too early'));
    const from = Date.now();
    const total = Math.max(1, end - from);
    for (let waited = 0; waited < total; waited = Date.now() - from) {
      say.progress('final phase', Math.min(waited, total - 1), total, 'ms');
      await sleep(Math.min(TICK_MS, total - waited), undefined, { signal });
    }
    say.progress('final phase', total, total, 'ms');
    const finalised = know('task', await declare());
    say.note(`task ${task} is ${finalised.phase} with the ranking root ${finalised.rankingRoot}`);
  },
};
