import { setTimeout as sleep } from 'node:timers/promises';
import { signIn, type Item } from '@arena/sdk';
import { HDNodeWallet } from 'ethers';
import type { Context, SignedInPlayer, Step } from '../context.js';
import { inTokens, TOKEN } from '../core/shape.js';
import { askFaucet, withTokens } from '../faucet.js';
import { refused } from '../refused.js';

const PERIODS = 90n;
const LOCKED = 1_500n * TOKEN;
const STAKE = 1_200n * TOKEN;
const DELEGATED = 100n * TOKEN;
const PATIENCE_MS = 60_000;

export const stake: Step = {
  name: 'stake',
  title: 'Trainers and validators lock tokens and stake; somebody new delegates',
  async run(context) {
    const { say, signal, fact, players } = context;
    const { task } = fact('task');
    const stakers = [...players('trainer'), ...players('validator')];
    let done = 0;
    await Promise.all(
      stakers.map(async player => {
        await stakeOf(context, player);
        say.progress('staked', ++done, stakers.length);
      }),
    );
    const [trainer, another] = players('trainer');
    const [validator] = players('validator');
    if (!trainer || !another || !validator) throw new Error('Somebody does not play');
    const both = { task: BigInt(task), role: 'validator', amount: TOKEN } as const;
    const twice = fact('chain').as(trainer.wallet).stake(both);
    say.note(await refused(twice, 'client/reverted', 'Judging the task that one competes in'));

    await delegateTo(context, validator);
    const stakes = await finalStakes(context, stakers.length);
    const nameOf = (account: string) =>
      stakers.find(({ wallet }) => wallet.address.toLowerCase() === account)?.name ?? account;
    const rows = stakes.map(({ account, role, total, block, confirmations }) => [
      nameOf(account), role, `${inTokens(BigInt(total))} gm`, `block ${block}`, `${confirmations} confirmations`,
    ]); // prettier-ignore
    say.table('Stakes, final', [['who', 'role', 'stake', 'since', 'depth'], ...rows]);
    await untilKnown(context);
    const { trainers, validators } = await context.client.call('tasks.participants', { params: { task }, signal });
    say.note(
      `${trainers.accounts} trainers and ${validators.accounts} validators count; ` +
        `${inTokens(BigInt(validators.delegated))} gm are delegated`,
    );
  },
};

async function stakeOf(context: Context, player: SignedInPlayer): Promise<void> {
  const { fact } = context;
  const { wallet, role } = player;
  await withTokens(context, player, LOCKED);
  const chain = fact('chain').as(wallet);
  await chain.lock({ amount: LOCKED, periods: PERIODS });
  const task = BigInt(fact('task').task);
  await chain.stake({ task, role: role === 'trainer' ? 'trainer' : 'validator', amount: STAKE });
}

/** A wallet that the chain has never seen: the faucet gives it what it needs. */
async function delegateTo(context: Context, operator: SignedInPlayer): Promise<void> {
  const { client, say, signal, fact } = context;
  const wallet = HDNodeWallet.createRandom();
  const newcomer = await signIn(client, wallet, { signal });
  const given = await askFaucet(newcomer.client, signal);
  say.note(`the faucet gives a newcomer ${inTokens(given)} tokens, and gas`);
  const chain = fact('chain').as(wallet);
  await chain.lock({ amount: DELEGATED, periods: PERIODS });
  const position = { task: BigInt(fact('task').task), role: 'validator' } as const;
  await chain.delegate({ ...position, operator: operator.wallet.address, amount: DELEGATED });
  say.note(`the newcomer delegates ${inTokens(DELEGATED)} gm to ${operator.name}`);
}

/** Once a later block can't undo them any more. */
async function finalStakes({ client, signal, fact }: Context, count: number): Promise<Item<'chain.stakes.list'>[]> {
  const query = { task: fact('task').task };
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(500, undefined, { signal })) {
    const stakes = [];
    for await (const one of client.paginate('chain.stakes.list', { query, signal })) stakes.push(one);
    if (stakes.length === count && stakes.every(({ finalised }) => finalised)) return stakes;
  }
  throw new Error(`The stakes were not final within ${PATIENCE_MS / 1_000} s`);
}

/** Final facts leave the indexer as events; the delegation was the last of them. */
async function untilKnown({ client, signal, fact }: Context): Promise<void> {
  const params = { task: fact('task').task };
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(300, undefined, { signal })) {
    const { validators } = await client.call('tasks.participants', { params, signal });
    if (BigInt(validators.delegated) > 0n) return;
  }
  throw new Error('The delegation is not known to task-service');
}
