import type { SignedInPlayer, Step } from '../context.js';
import { refused } from '../refused.js';

export const names: Step = {
  name: 'names',
  title: 'Accounts get their display names',
  async run({ say, signal, fact, admin }) {
    const players = fact('players');
    await Promise.all(players.map(player => rename(player, signal)));
    for (const { name, wallet } of players) say.note(`${name.padEnd(12)} ${wallet.address}`);
    const edit = { body: { displayName: 'Impostor' }, ifMatch: '"another"', signal };
    say.note(await refused(admin().call('accounts.edit', edit), 'etag/stale', 'An edit made from another version'));
  },
};

async function rename({ client, name: displayName }: SignedInPlayer, signal: AbortSignal): Promise<void> {
  const { etag = '' } = await client.callWithMeta('accounts.mine', { signal });
  await client.call('accounts.edit', { body: { displayName }, ifMatch: etag, signal });
}
