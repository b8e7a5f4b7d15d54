import type { Scope } from '@arena/contracts';
import { DomainError } from '@arena/problem';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 90;
const MOST_DAYS = 366;
export const MOST_LIVE_KEYS = 50;

/** When a key ends: 90 days from now unless said otherwise, a year at most. */
export function keyExpiry(wanted: string | undefined, now: Date): Date {
  const expiresAt = wanted === undefined ? new Date(now.getTime() + DEFAULT_DAYS * DAY_MS) : new Date(wanted);
  const days = (expiresAt.getTime() - now.getTime()) / DAY_MS;
  if (days <= 0 || days > MOST_DAYS) throw new DomainError('key/expiry');
  return expiresAt;
}

export function assertKeyAllowed(
  scopes: readonly Scope[],
  { admin, liveKeys }: { admin: boolean; liveKeys: number },
): void {
  if (scopes.includes('admin') && !admin)
    throw new DomainError('key/scopes', { detail: 'Only an admin can make a key with the scope admin.' });
  if (liveKeys >= MOST_LIVE_KEYS)
    throw new DomainError('key/too-many', { detail: `There are ${MOST_LIVE_KEYS} live keys; revoke one first.` });
}

export function assertReceiptKeyFits(
  receiptKey: { address: string; expiresAt: Date },
  key: { account: string; scopes: readonly Scope[]; expiresAt: Date },
  now: Date,
): void {
  const no = (detail: string) => new DomainError('key/receipt-key', { detail });
  if (!key.scopes.includes('validate')) throw no('Only a key with the scope validate has a receipt key.');
  if (receiptKey.address === key.account)
    throw no("It is the wallet itself; the wallet's own key stays off the workers.");
  if (receiptKey.expiresAt <= now) throw no('Its authorisation has expired.');
}
