import { accountOf, actsAsAdmin, nameOf } from '@arena/auth';
import { KeyId, type BodyOf, type Routes, type Scope, type Wallet } from '@arena/contracts';
import { decodeCursor, Handles, toPage, type Call } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { receiptKeyData } from '../chain/receipt-key.js';
import type { Signatures } from '../chain/signatures.js';
import { assertKeyAllowed, assertReceiptKeyFits, keyExpiry } from '../core/key.js';
import { instant, instantOrNull } from '../core/view.js';
import type { Env } from '../env.js';
import { holdAccount } from '../store/accounts.js';
import { recordAudit } from '../store/audit.js';
import type { TaskDatabase, Tx } from '../store/database.js';
import {
  countLiveKeys,
  createKey,
  findKeyRow,
  listKeys,
  revokeKey,
  type KeyQuery,
  type KeyRow,
} from '../store/keys.js';
import { SIGNATURES } from '../tokens.js';

const PageKey = z.tuple([z.coerce.date(), KeyId]);
type NewKeyBody = BodyOf<Routes['keys.create']>;

@Controller()
export class KeyController {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(SIGNATURES) private readonly signatures: Signatures,
  ) {}

  @Handles('keys.create')
  async create({ caller, body, tx }: Call<'keys.create', Tx>) {
    const now = this.now();
    const account = accountOf(caller) as Wallet;
    const expiresAt = keyExpiry(body.expiresAt, now);
    const receiptKey = await this.authorisedReceiptKey(account, body, expiresAt);
    // The lock on the account keeps two calls from both making the last key allowed.
    await holdAccount(tx, account, now);
    assertKeyAllowed(body.scopes, {
      admin: caller.kind === 'session' && caller.admin,
      liveKeys: await countLiveKeys(tx, account, now),
    });
    const { name, scopes } = body;
    const { row, token } = await createKey(tx, {
      kind: 'api',
      name,
      account,
      scopes,
      receiptKey,
      createdAt: now,
      expiresAt,
    });
    return { ...toKey(row), secret: token };
  }

  @Handles('keys.integrator')
  async createIntegrator({ caller, body, tx }: Call<'keys.integrator', Tx>) {
    const now = this.now();
    const { name, scopes, reason } = body;
    const { row, token } = await createKey(tx, {
      kind: 'api', name, account: null, scopes, receiptKey: null, createdAt: now, expiresAt: keyExpiry(body.expiresAt, now),
    }); // prettier-ignore
    const subject = `key:${row.id}`;
    await recordAudit(tx, {
      at: now,
      actor: nameOf(caller),
      action: 'key.integrator',
      subject,
      reason,
      after: { name, scopes },
    });
    return { ...toKey(row), secret: token };
  }

  @Handles('keys.list')
  list({ caller, query }: Call<'keys.list', Tx>) {
    return this.page(query, { account: accountOf(caller) ?? null, state: query.state });
  }

  @Handles('keys.integrators.list')
  listIntegrators({ query }: Call<'keys.integrators.list', Tx>) {
    return this.page(query, { account: null, state: undefined });
  }

  @Handles('keys.get')
  async get({ caller, params }: Call<'keys.get', Tx>) {
    const row = await findKeyRow(this.database.read, params.key);
    if (row?.kind !== 'api' || row.account !== accountOf(caller)) throw new DomainError('resource/not-found');
    return toKey(row);
  }

  @Handles('keys.revoke')
  async revoke({ caller, params }: Call<'keys.revoke', Tx>) {
    return this.database.transaction(async tx => {
      const now = this.now();
      const row = await findKeyRow(tx, params.key);
      const mine = row?.kind === 'api' && row.account === accountOf(caller);
      const integrators = row?.kind === 'api' && row.account === null && actsAsAdmin(caller);
      if (!row || !(mine || integrators)) throw new DomainError('resource/not-found');
      const revoked = await revokeKey(tx, row.id, now);
      if (integrators && !row.revokedAt)
        await recordAudit(tx, { at: now, actor: nameOf(caller), action: 'key.revoke', subject: `key:${row.id}` });
      return toKey(revoked);
    });
  }

  private async page(query: { limit: number; cursor?: string | undefined }, of: Pick<KeyQuery, 'account' | 'state'>) {
    const [createdAt, id] = decodeCursor(PageKey, query.cursor) ?? [];
    const after = createdAt && id ? { createdAt, id } : undefined;
    const rows = await listKeys(this.database.read, { ...of, kind: 'api', now: this.now(), limit: query.limit, after });
    return toPage(rows, query.limit, row => [row.createdAt, row.id], toKey);
  }

  private async authorisedReceiptKey(account: Wallet, { receiptKey, scopes }: NewKeyBody, keyExpiresAt: Date) {
    if (!receiptKey) return null;
    const { address, signature } = receiptKey;
    const expiresAt = new Date(receiptKey.expiresAt);
    assertReceiptKeyFits({ address, expiresAt }, { account, scopes, expiresAt: keyExpiresAt }, this.now());
    const data = receiptKeyData(this.env.CHAIN_ID, account, address, expiresAt);
    if (!(await this.signatures.ofTypedData(account, data, signature)))
      throw new DomainError('key/receipt-key', { detail: 'The wallet did not sign this authorisation.' });
    return { address, expiresAt, signature };
  }
}

const toKey = (row: KeyRow) => ({
  id: row.id,
  name: row.name,
  account: row.account,
  prefix: row.prefix,
  scopes: row.scopes as Scope[],
  receiptKey:
    row.receiptAddress && row.receiptExpiresAt
      ? { address: row.receiptAddress, expiresAt: instant(row.receiptExpiresAt) }
      : null,
  createdAt: instant(row.createdAt),
  expiresAt: instant(row.expiresAt),
  lastUsedAt: instantOrNull(row.lastUsedAt),
  revokedAt: instantOrNull(row.revokedAt),
});
