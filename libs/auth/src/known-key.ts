import { KeyId, scopes, Wallet, type ProblemCode } from '@arena/contracts';
import type { Sql } from '@arena/db';
import { z } from 'zod';
import type { Caller } from './core/caller.js';

const Row = z.object({
  id: KeyId,
  kind: z.enum(['session', 'api']),
  account: Wallet.nullable(),
  scopes: z.array(z.enum(scopes)),
  expires_at: z.date(),
  revoked_at: z.date().nullable(),
  admin: z.boolean(),
});
export type KnownKey = z.output<typeof Row>;

export async function findKey(sql: Sql, hash: string): Promise<KnownKey | undefined> {
  const [row] = await sql.query(
    `SELECT k.id, k.kind, k.account, k.scopes, k.expires_at, k.revoked_at, coalesce('admin' = ANY (a.roles), false) AS admin
     FROM auth_keys k LEFT JOIN auth_accounts a ON a.account = k.account WHERE k.hash = $1`,
    [hash],
  );
  return row && Row.parse(row);
}

/** Who calls with this key at this moment, or why nobody does. */
export function callerBy(key: KnownKey, now: Date): Caller | ProblemCode {
  if (key.revoked_at) return 'auth/revoked';
  if (key.expires_at <= now) return 'auth/expired';
  const { id, account, scopes: held, admin } = key;
  if (account === null) return { kind: 'integrator', id, scopes: held };
  return key.kind === 'session'
    ? { kind: 'session', id, account, admin }
    : { kind: 'key', id, account, admin, scopes: held };
}
