import type { Access, ProblemCode } from '@arena/contracts';
import { actsAsAdmin, type Caller } from './caller.js';

/** Why a caller may not take a route, or nothing when it may. */
export function refusal(access: Access, caller: Caller): ProblemCode | undefined {
  if (access.who === 'anyone') return undefined;
  if (caller.kind === 'anonymous') return 'auth/missing';
  if (access.who === 'admin') {
    if (actsAsAdmin(caller)) return undefined;
    return caller.kind === 'key' && caller.admin ? 'auth/scope' : 'auth/admin-only';
  }
  if (access.who === 'account' && caller.kind === 'integrator') return 'auth/account-required';
  if (caller.kind === 'session') return undefined;
  if (access.scope === 'session') return 'auth/session-only';
  return caller.scopes.includes(access.scope) ? undefined : 'auth/scope';
}
