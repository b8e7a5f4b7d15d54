import { authoriseReceiptKey, type Client } from '@arena/sdk';
import { Wallet } from 'ethers';
import type { PlayerKey, SignedInPlayer, Step } from '../context.js';
import { refused } from '../refused.js';

const NAME = 'demo';
const LIFE_MS = 24 * 3_600_000;

export const keys: Step = {
  name: 'keys',
  title: 'Keys are made: to submit, to validate, and one that belongs to no wallet',
  async run(context) {
    const { say, signal, know, players, admin } = context;
    const working = [...players('trainer'), ...players('validator')];
    const revoked = await Promise.all(working.map(({ client }) => revokeOld(client, signal)));
    const old = revoked.reduce((sum, count) => sum + count, 0);
    if (old > 0) say.note(`${old} keys of an earlier demo revoked`);

    const made = await Promise.all(working.map(player => makeKey(player, signal)));
    await Promise.all(made.map(({ client }) => client.call('accounts.mine', { signal })));
    for (const { player, receiptKey } of know('keys', made))
      say.note(`${player.name.padEnd(12)} ${receiptKey ? `validate, receipts by ${receiptKey.address}` : 'submit'}`);

    const body = { name: NAME, scopes: ['read' as const, 'webhooks' as const], reason: 'The demo needs an integrator' };
    const { secret } = await admin().call('keys.integrator', { body, signal });
    const integrator = know('integrator', context.client.with(secret));
    await integrator.call('tasks.list', { signal });
    say.note(`${'Integrator'.padEnd(12)} read, webhooks`);
    const own = integrator.call('accounts.mine', { signal });
    say.note(await refused(own, 'auth/account-required', 'Asking for an account with the integrator’s key'));
  },
};

/** An account has room for so many live keys. */
async function revokeOld(client: Client, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const { id, name } of client.paginate('keys.list', { query: { state: 'live' }, signal })) {
    if (name !== NAME) continue;
    await client.call('keys.revoke', { params: { key: id }, signal });
    count++;
  }
  return count;
}

async function makeKey(player: SignedInPlayer, signal: AbortSignal): Promise<PlayerKey> {
  const { client, wallet, role, chainId } = player;
  const expiresAt = new Date(Date.now() + LIFE_MS);
  const receiptKey = role === 'validator' ? Wallet.createRandom() : undefined;
  const authorised = receiptKey && (await authoriseReceiptKey(wallet, { chainId, key: receiptKey.address, expiresAt }));
  const body = {
    name: NAME,
    scopes: [role === 'validator' ? ('validate' as const) : ('submit' as const), 'read' as const],
    expiresAt: expiresAt.toISOString(),
    ...(authorised ? { receiptKey: authorised } : {}),
  };
  const { secret } = await client.call('keys.create', { body, signal });
  return { player, client: client.with(secret), receiptKey };
}
