import type { ProblemCode } from '@arena/contracts';
import { prefixOf } from './token.js';

export interface CredentialHeaders {
  authorization?: string | undefined;
  'flock-api-key'?: string | undefined;
}

export type Credential = { token: string } | { refused: ProblemCode } | undefined;

/** Reads the one credential of a request: `Authorization: Bearer …` or `flock-api-key: …`, the same keys in both. */
export function credentialIn({ authorization, 'flock-api-key': apiKey }: CredentialHeaders): Credential {
  if (authorization === undefined && apiKey === undefined) return undefined;
  if (authorization !== undefined && apiKey !== undefined) return { refused: 'auth/ambiguous' };
  const token = apiKey ?? /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return token !== undefined && prefixOf(token) !== undefined ? { token } : { refused: 'auth/malformed' };
}
