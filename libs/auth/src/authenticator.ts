// From the headers of a request to its caller, by this service's own projection of keys.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyId } from '@arena/contracts';
import type { Sql } from '@arena/db';
import { DomainError } from '@arena/problem';
import { anonymous, type Caller } from './core/caller.js';
import { credentialIn, type CredentialHeaders } from './core/credential.js';
import { callerBy, findKey, type KnownKey } from './known-key.js';
import { hashToken } from './mint.js';

export interface AuthenticatorOptions {
  sql: Sql;
  /**
   * How long a good-looking but unknown key is looked for again: its event may still be under way from task-service.
   * 0 in task-service itself, which writes its projection with the key.
   */
  patienceMs: number;
  /** How long a looked-up key is believed. Together with the way of an event it must stay under a second. */
  trustMs?: number;
  now?: () => Date;
  onUse?: (id: KeyId, at: Date) => void;
}

export interface Authenticator {
  authenticate(headers: CredentialHeaders): Promise<Caller>;
}

/** More waiters than this and an unknown key is refused at once: guessing must stay cheap for us. */
const MOST_WAITING = 50;
const MOST_KNOWN = 10_000;
const RETRY_MS = 50;

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { sql, patienceMs, trustMs = 300, now = () => new Date(), onUse } = options;
  const known = new Map<string, { key: KnownKey; until: number }>();
  let waiting = 0;

  async function look(token: string): Promise<KnownKey | undefined> {
    const hash = hashToken(token);
    const believed = known.get(hash);
    if (believed && believed.until > performance.now()) return believed.key;
    const key = (await findKey(sql, hash)) ?? (await lookAgain(hash));
    known.delete(hash);
    if (key) {
      if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '');
      known.set(hash, { key, until: performance.now() + trustMs });
    }
    return key;
  }

  async function lookAgain(hash: string): Promise<KnownKey | undefined> {
    if (patienceMs === 0 || waiting >= MOST_WAITING) return undefined;
    waiting++;
    try {
      for (const end = performance.now() + patienceMs; performance.now() < end;) {
        await sleep(RETRY_MS);
        const key = await findKey(sql, hash);
        if (key) return key;
      }
      return undefined;
    } finally {
      waiting--;
    }
  }

  return {
    async authenticate(headers) {
      const credential = credentialIn(headers);
      if (credential === undefined) return anonymous;
      if ('refused' in credential) throw new DomainError(credential.refused);
      const key = await look(credential.token);
      if (!key) throw new DomainError('auth/unknown');
      const at = now();
      const caller = callerBy(key, at);
      if (typeof caller === 'string') throw new DomainError(caller);
      onUse?.(key.id, at);
      return caller;
    },
  };
}
