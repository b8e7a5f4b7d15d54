import type { ProblemCode } from '../problems.js';
import type { RouteSpec } from './route.js';

const anyCredential: ProblemCode[] = [
  'auth/ambiguous',
  'auth/malformed',
  'auth/unknown',
  'auth/expired',
  'auth/revoked',
];

/** Everything that a route may answer when it does not succeed: what its row implies, and what it declares. */
export function problemsOf(spec: RouteSpec): ProblemCode[] {
  const { access } = spec;
  const codes: ProblemCode[] = [
    ...anyCredential,
    'request/malformed',
    'limit/exceeded',
    'service/unavailable',
    'internal',
  ];
  if (access.who !== 'anyone') codes.push('auth/missing', 'auth/scope');
  if (access.who === 'account') codes.push('auth/account-required');
  if (access.who === 'account' && access.scope === 'session') codes.push('auth/session-only');
  if (access.who === 'admin') codes.push('auth/admin-only');
  if (spec.params ?? spec.query ?? spec.body ?? spec.stream) codes.push('request/invalid');
  if (spec.method !== 'GET') codes.push('request/broken-json', 'request/media-type', 'request/too-large');
  if (spec.idempotent)
    codes.push('idempotency/missing', 'idempotency/malformed', 'idempotency/reused', 'idempotency/running');
  if (spec.idempotent === 'secret') codes.push('idempotency/secret-already-shown');
  if (spec.etag === 'if-match') codes.push('etag/required', 'etag/stale');
  return [...new Set([...codes, ...(spec.problems ?? [])])];
}
