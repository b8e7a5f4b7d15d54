import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import type { Received } from '../types.js';
import { addressOf, type TextSigner } from './signer.js';
import { signInMessage } from './sign-in-message.js';

export interface SignInOptions {
  /** The site that the message may be for; the client's own host when left out. */
  domain?: string;
  /** The chain that the message may be for; any when left out. */
  chainId?: number;
  signal?: AbortSignal;
}

export interface SignedIn {
  client: Client;
  session: Received<'auth.login'>;
  /** Of the chain that this arena stands on. */
  chainId: number;
}

/** Signs in with a wallet and gives back a client that calls as its account. */
export async function signIn(client: Client, wallet: TextSigner, options: SignInOptions = {}): Promise<SignedIn> {
  const { signal } = options;
  const anonymous = client.with(undefined);
  const challenge = await anonymous.call('auth.nonce', { body: {}, signal });
  assertMeant(challenge, options.domain ?? new URL(client.origin).host, options.chainId);
  const message = signInMessage({
    ...challenge,
    address: await addressOf(wallet),
    issuedAt: new Date(),
    expiresAt: new Date(challenge.expiresAt),
  });
  const signature = await wallet.signMessage(message);
  const session = await anonymous.call('auth.login', { body: { message, signature }, signal });
  return { client: client.with(session.token), session, chainId: challenge.chainId };
}

/** A server that hands on another site's challenge would sign in there as us. */
function assertMeant(challenge: Received<'auth.nonce'>, domain: string, chainId: number | undefined): void {
  const uriHost = URL.canParse(challenge.uri) ? new URL(challenge.uri).host : challenge.uri;
  const fault =
    challenge.domain !== domain || uriHost !== domain
      ? `it is for ${challenge.domain} (${challenge.uri}), not for ${domain}`
      : chainId !== undefined && challenge.chainId !== chainId
        ? `it is for chain ${challenge.chainId}, not for ${chainId}`
        : undefined;
  if (fault) throw new ArenaError('client/challenge', { title: 'The sign-in challenge is not ours', detail: fault });
}
