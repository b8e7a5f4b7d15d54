// Sessions and API keys. Their text is never stored: what a client sends is looked up by its hash.
import { randomUUID } from 'node:crypto';
import { hashToken, mintToken, prefixOf, projectKey } from '@arena/auth';
import type { Scope } from '@arena/contracts';
import { publish } from '@arena/outbox';
import type { Tx } from './database.js';
import type { Key as KeyRow } from './generated/client.js';

export type { KeyRow };

export interface NewKey {
  kind: 'session' | 'api';
  name: string;
  account: string | null;
  scopes: readonly Scope[];
  receiptKey: { address: string; expiresAt: Date; signature: string } | null;
  createdAt: Date;
  expiresAt: Date;
}

export async function createKey(tx: Tx, key: NewKey): Promise<{ row: KeyRow; token: string }> {
  const token = mintToken();
  const { kind, name, account, createdAt, expiresAt, receiptKey } = key;
  const row = await tx.prisma.key.create({
    data: {
      id: randomUUID(),
      kind, name, account, createdAt, expiresAt,
      prefix: `arena_${prefixOf(token) ?? ''}`,
      hash: hashToken(token),
      scopes: [...key.scopes],
      receiptAddress: receiptKey?.address ?? null,
      receiptExpiresAt: receiptKey?.expiresAt ?? null,
      receiptSignature: receiptKey?.signature ?? null,
    }, // prettier-ignore
  });
  await announce(tx, row);
  return { row, token };
}

/** Revoking twice changes nothing. */
export async function revokeKey(tx: Tx, id: string, now: Date): Promise<KeyRow> {
  const { count } = await tx.prisma.key.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: now, version: { increment: 1 } },
  });
  const row = await tx.prisma.key.findUniqueOrThrow({ where: { id } });
  if (count > 0) await announce(tx, row);
  return row;
}

export const findKeyRow = (tx: Tx, id: string) => tx.prisma.key.findUnique({ where: { id } });

export const countLiveKeys = (tx: Tx, account: string, now: Date) =>
  tx.prisma.key.count({ where: { account, kind: 'api', revokedAt: null, expiresAt: { gt: now } } });

export interface KeyQuery {
  kind: 'session' | 'api';
  /** null: the keys that belong to no wallet. */
  account: string | null;
  state: 'live' | 'revoked' | 'expired' | undefined;
  now: Date;
  limit: number;
  after: { createdAt: Date; id: string } | undefined;
}

export function listKeys(tx: Tx, { kind, account, state, now, limit, after }: KeyQuery) {
  const inState = {
    live: { revokedAt: null, expiresAt: { gt: now } },
    revoked: { revokedAt: { not: null } },
    expired: { revokedAt: null, expiresAt: { lte: now } },
  };
  return tx.prisma.key.findMany({
    where: {
      kind,
      account,
      ...(state ? inState[state] : {}),
      ...(after
        ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] }
        : {}),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}

/** One statement for many keys; a late report never turns the time back. */
export const markUsed = (tx: Tx, uses: readonly { id: string; at: string }[]) =>
  tx.query(
    `UPDATE keys SET last_used_at = greatest(last_used_at, used.at)
     FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at) WHERE keys.id = used.id`,
    [uses.map(use => use.id), uses.map(use => use.at)],
  );

async function announce(tx: Tx, row: KeyRow): Promise<void> {
  const version = Number(row.version);
  const payload = {
    id: row.id,
    kind: row.kind as 'session' | 'api',
    hash: row.hash,
    account: row.account,
    scopes: row.scopes as Scope[],
    expiresAt: row.expiresAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    receiptKey:
      row.receiptAddress && row.receiptExpiresAt
        ? { address: row.receiptAddress, expiresAt: row.receiptExpiresAt.toISOString() }
        : null,
  };
  await projectKey(tx, version, payload);
  await publish(tx, { name: 'key.changed.v1', entity: `key:${row.id}`, entityVersion: version, payload });
}
