// What this service knows of keys and accounts. Rows carry the entity's version; an older message changes nothing,
// so messages may come late, twice or in any order.
import type { Sql } from '@arena/db';

export interface KeyFacts {
  id: string;
  kind: 'session' | 'api';
  hash: string;
  account: string | null;
  scopes: readonly string[];
  expiresAt: string;
  revokedAt: string | null;
  receiptKey: { address: string; expiresAt: string } | null;
}

export interface AccountFacts {
  account: string;
  displayName: string | null;
  payoutAddress: string | null;
  conflictGroup: string | null;
  roles: readonly string[];
}

export async function projectKey(sql: Sql, version: number, key: KeyFacts): Promise<void> {
  await sql.query(
    `INSERT INTO auth_keys AS k (id, version, kind, hash, account, scopes, receipt_address, receipt_expires_at, expires_at, revoked_at)
     VALUES ($1::uuid, $2::bigint, $3, $4, $5, $6::text[], $7, $8::timestamptz, $9::timestamptz, $10::timestamptz)
     ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, account = EXCLUDED.account, scopes = EXCLUDED.scopes,
       receipt_address = EXCLUDED.receipt_address, receipt_expires_at = EXCLUDED.receipt_expires_at,
       expires_at = EXCLUDED.expires_at, revoked_at = EXCLUDED.revoked_at
     WHERE k.version < EXCLUDED.version`,
    [
      key.id, version, key.kind, key.hash, key.account, [...key.scopes],
      key.receiptKey?.address ?? null, key.receiptKey?.expiresAt ?? null, key.expiresAt, key.revokedAt,
    ], // prettier-ignore
  );
}

export async function projectAccount(sql: Sql, version: number, account: AccountFacts): Promise<void> {
  await sql.query(
    `INSERT INTO auth_accounts AS a (account, version, display_name, payout_address, conflict_group, roles)
     VALUES ($1, $2::bigint, $3, $4, $5, $6::text[])
     ON CONFLICT (account) DO UPDATE SET version = EXCLUDED.version, display_name = EXCLUDED.display_name,
       payout_address = EXCLUDED.payout_address, conflict_group = EXCLUDED.conflict_group, roles = EXCLUDED.roles
     WHERE a.version < EXCLUDED.version`,
    [account.account, version, account.displayName, account.payoutAddress, account.conflictGroup, [...account.roles]],
  );
}
