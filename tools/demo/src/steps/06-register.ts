import type { Step } from '../context.js';
import { refused } from '../refused.js';
import { inTokens, TOKEN } from '../core/shape.js';
import { withTokens } from '../faucet.js';
import { onChain } from '../on-chain.js';
import { waitForTask } from '../wait-for-task.js';

const BOUNTY = 250n * TOKEN;

export const register: Step = {
  name: 'register',
  title: 'The organiser’s wallet registers the task on chain, with a bounty',
  async run(context) {
    const { client, say, signal, fact, know, admin, organiser, players } = context;
    know('chain', await onChain(client, signal));
    const { task } = fact('task');
    for (const player of players('admin')) await withTokens(context, player, BOUNTY);
    const wallet = organiser();

    const created = await wallet.createTask({ task: BigInt(task), bounty: BOUNTY });
    say.note(`created in block ${created.block}; ${inTokens(BOUNTY)} tokens are escrowed`);
    const verified = await wallet.verifyTask({ task: BigInt(task) });
    say.note(`verified in block ${verified.block}, by ${verified.hash.slice(0, 18)}…`);
    const is = ({ phase }: { phase: string }) => phase === 'verified';
    know('task', await waitForTask(context, { what: 'until both are final, and followed', is, as: admin() }));
    const byApi = admin().call('tasks.cancel', { params: { task }, body: { reason: 'By another way' }, signal });
    say.note(await refused(byApi, 'task/on-chain', 'Cancelling it past the chain'));
  },
};
