// What a sign-in message (EIP-4361) must say before its signature is worth looking at.
import type { Wallet } from '@arena/contracts';
import { DomainError, type FieldError } from '@arena/problem';

export interface SignInMessage {
  domain: string;
  address: string;
  uri: string;
  version: string;
  chainId: number;
  nonce: string;
  issuedAt?: string | undefined;
  expirationTime?: string | undefined;
  notBefore?: string | undefined;
}

export interface SignInRules {
  domain: string;
  origin: string;
  chainId: number;
}

/** A message dated further ahead than this comes from a clock that cannot be trusted. */
const SKEW_MS = 5 * 60_000;

export function acceptMessage(
  message: SignInMessage,
  rules: SignInRules,
  now: Date,
): { account: Wallet; nonce: string } {
  const faults: FieldError[] = [];
  const demand = (holds: boolean, detail: string) => holds || faults.push({ pointer: '/message', detail });

  demand(message.domain === rules.domain, `The domain must be ${rules.domain}`);
  demand(originOf(message.uri) === rules.origin, `The URI must lie under ${rules.origin}`);
  demand(message.version === '1', 'The version must be 1');
  demand(message.chainId === rules.chainId, `The chain id must be ${rules.chainId}`);
  demand(timeOf(message.issuedAt) <= now.getTime() + SKEW_MS, 'It is issued in the future');
  demand(timeOf(message.expirationTime, Infinity) > now.getTime(), 'It has expired');
  demand(timeOf(message.notBefore, -Infinity) <= now.getTime(), 'It is not valid yet');

  if (faults.length > 0) throw new DomainError('auth/message-invalid', { errors: faults });
  return { account: message.address.toLowerCase() as Wallet, nonce: message.nonce };
}

/** A time that is there but cannot be read never satisfies anything. */
const timeOf = (text: string | undefined, absent = NaN): number => (text === undefined ? absent : Date.parse(text));

function originOf(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).origin : undefined;
}
