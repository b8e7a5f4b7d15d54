import type { KeyId, Scope, Wallet } from '@arena/contracts';

/** Who makes a call, as far as its credential tells. */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'session'; id: KeyId; account: Wallet; admin: boolean }
  | { kind: 'key'; id: KeyId; account: Wallet; admin: boolean; scopes: readonly Scope[] }
  | { kind: 'integrator'; id: KeyId; scopes: readonly Scope[] };

export const anonymous: Caller = { kind: 'anonymous' };

/** The account behind a call, where there is one. */
export const accountOf = (caller: Caller): Wallet | undefined =>
  caller.kind === 'session' || caller.kind === 'key' ? caller.account : undefined;

/** Whether the call may act as an admin: the role, and a session or a key that was made for it. */
export const actsAsAdmin = (caller: Caller): boolean =>
  (caller.kind === 'session' && caller.admin) ||
  (caller.kind === 'key' && caller.admin && caller.scopes.includes('admin'));

/** How audit entries and idempotency keys name a caller. */
export const nameOf = (caller: Caller): string =>
  accountOf(caller) ?? (caller.kind === 'integrator' ? `key:${caller.id}` : 'anonymous');
