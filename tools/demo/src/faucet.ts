import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@arena/sdk';
import type { Context, SignedInPlayer } from './context.js';

const PATIENCE_MS = 60_000;

/** Test tokens and gas for the wallet of the caller; says how many tokens, once they are there for good. */
export async function askFaucet(client: Client, signal: AbortSignal): Promise<bigint> {
  let grant = await client.call('faucet.ask', { signal });
  for (const until = Date.now() + PATIENCE_MS; !grant.transactions.every(({ status }) => status === 'done');) {
    if (Date.now() > until) throw new Error(`The faucet has not given within ${PATIENCE_MS / 1_000} s`);
    await sleep(500, undefined, { signal });
    grant = await client.call('faucet.grants.get', { params: { grant: grant.grant }, signal });
  }
  return BigInt(grant.tokens);
}

/** The local stack gives its players tokens at the start; elsewhere, and after many demos, the faucet does. */
export async function withTokens({ fact, signal }: Context, player: SignedInPlayer, least: bigint): Promise<void> {
  const { token } = await fact('chain').as(player.wallet).contracts();
  const has = (await token.getFunction('balanceOf')(player.wallet.address)) as bigint;
  if (has < least) await askFaucet(player.client, signal);
}
