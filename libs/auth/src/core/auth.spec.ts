import type { Access, KeyId, Wallet } from '@arena/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintToken } from '../mint.js';
import { refusal } from './authorise.js';
import type { Caller } from './caller.js';
import { credentialIn } from './credential.js';
import { prefixOf } from './token.js';

describe('a token', () => {
  it('is recognised by its checksum, with its public prefix', () => {
    const token = mintToken();
    expect(token).toMatch(/^arena_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}$/);
    expect(prefixOf(token)).toBe(token.slice(6, 16));
  });

  it('is refused when any one character differs or is missing', () => {
    const token = mintToken();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0aZ_', ''), (at, letter) => {
        const broken = token.slice(0, at) + letter + token.slice(at + 1);
        return broken === token || prefixOf(broken) === undefined;
      }),
    );
  });

  it('never comes twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, mintToken)).size).toBe(1_000);
  });
});

describe('credentialIn', () => {
  const token = mintToken();

  it('takes the same key as a bearer token and as flock-api-key', () => {
    expect(credentialIn({ authorization: `Bearer ${token}` })).toEqual({ token });
    expect(credentialIn({ 'flock-api-key': token })).toEqual({ token });
  });

  it('refuses two credentials, other schemes and truncated keys', () => {
    expect(credentialIn({ authorization: `Bearer ${token}`, 'flock-api-key': token })).toEqual({
      refused: 'auth/ambiguous',
    });
    for (const authorization of ['', 'Basic YTpi', 'Bearer', `Bearer ${token.slice(0, -1)}`, `Bearer ${token} x`])
      expect(credentialIn({ authorization })).toEqual({ refused: 'auth/malformed' });
  });
});

describe('refusal', () => {
  const id = 'k' as KeyId;
  const account = '0x1' as Wallet;
  const callers = {
    anonymous: { kind: 'anonymous' },
    session: { kind: 'session', id, account, admin: false },
    adminSession: { kind: 'session', id, account, admin: true },
    readKey: { kind: 'key', id, account, admin: false, scopes: ['read'] },
    adminsReadKey: { kind: 'key', id, account, admin: true, scopes: ['read'] },
    adminKey: { kind: 'key', id, account, admin: true, scopes: ['admin'] },
    formerAdminsKey: { kind: 'key', id, account, admin: false, scopes: ['admin'] },
    integrator: { kind: 'integrator', id, scopes: ['read'] },
  } satisfies Record<string, Caller>;

  const table: [Access, Partial<Record<keyof typeof callers, string>>][] = [
    [{ who: 'anyone' }, {}],
    [
      { who: 'admin' },
      {
        anonymous: 'auth/missing', session: 'auth/admin-only', readKey: 'auth/admin-only', adminsReadKey: 'auth/scope',
        formerAdminsKey: 'auth/admin-only', integrator: 'auth/admin-only',
      }, // prettier-ignore
    ],
    [
      { who: 'account', scope: 'read' },
      {
        anonymous: 'auth/missing',
        adminKey: 'auth/scope',
        formerAdminsKey: 'auth/scope',
        integrator: 'auth/account-required',
      },
    ],
    [
      { who: 'account', scope: 'session' },
      {
        anonymous: 'auth/missing', readKey: 'auth/session-only', adminsReadKey: 'auth/session-only',
        adminKey: 'auth/session-only', formerAdminsKey: 'auth/session-only', integrator: 'auth/account-required',
      }, // prettier-ignore
    ],
    [
      { who: 'caller', scope: 'read' },
      { anonymous: 'auth/missing', adminKey: 'auth/scope', formerAdminsKey: 'auth/scope' },
    ],
  ];

  for (const [access, refused] of table)
    it(`holds for ${JSON.stringify(access)}`, () => {
      for (const [name, caller] of Object.entries(callers))
        expect([name, refusal(access, caller)]).toEqual([name, refused[name as keyof typeof callers]]);
    });
});
