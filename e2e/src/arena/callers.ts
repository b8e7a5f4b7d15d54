import type { Scope } from '@arena/contracts';
import { createClient, signIn, type Client } from '@arena/sdk';
import type { HDNodeWallet } from 'ethers';

export interface Person {
  client: Client;
  token: string;
  account: string;
}

/** Signed in, with the token in hand: tests that go below the SDK need it. */
export async function signedIn(origin: string, wallet: HDNodeWallet): Promise<Person> {
  const { client, session } = await signIn(createClient({ origin, retries: 0 }), wallet, { domain: 'arena.test' });
  return { client, token: session.token, account: wallet.address.toLowerCase() };
}

export const makeKey = async ({ client }: Person, scopes: Scope[], expiresAt?: string) =>
  client.call('keys.create', { body: { name: scopes.join(), scopes, ...(expiresAt ? { expiresAt } : {}) } });
