import { setTimeout as sleep } from 'node:timers/promises';
import { keccak256 } from 'ethers';
import type { Step } from '../context.js';
import { refused } from '../refused.js';
import { waitForTask } from '../wait-for-task.js';

/** Nobody can submit yet: the root of a ranking of nobody. */
const EMPTY_RANKING = keccak256('0x');
const TICK_MS = 200;

export const finalise: Step = {
  name: 'finalise',
  title: 'The final phase ends, and the ranking is declared on chain',
  async run(context) {
    const { say, signal, fact, know, organiser } = context;
    const { task, schedule } = fact('task');
    const chain = fact('chain');
    const end = Date.parse(schedule?.finalEndsAt ?? '');
    const declare = () => organiser().finaliseTask({ task: BigInt(task), rankingRoot: EMPTY_RANKING });
    if (Date.now() < end - 2_000) say.note(await refused(declare(), 'client/reverted', 'Declaring it too early'));

    const from = Date.now();
    const total = Math.max(1, end - from);
    // The contract goes by the time of blocks, and one of them must have come.
    for (let waited = 0; (await chain.now()) * 1_000 < end; waited = Date.now() - from) {
      say.progress('final phase', Math.min(waited, total - 1), total, 'ms');
      await sleep(TICK_MS, undefined, { signal });
    }
    say.progress('final phase', total, total, 'ms');
    const { block } = await declare();
    say.note(`declared in block ${block}; the bounty funds the task’s pot`);
    const is = ({ phase }: { phase: string }) => phase === 'finalised';
    const finalised = know('task', await waitForTask(context, { what: 'until it is final', is }));
    say.note(`task ${task} is ${finalised.phase} with the ranking root ${finalised.rankingRoot}`);
  },
};
