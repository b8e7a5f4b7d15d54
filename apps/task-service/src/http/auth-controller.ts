import { randomBytes } from 'node:crypto';
import { accountOf, type Caller } from '@arena/auth';
import { KeyId, type Wallet } from '@arena/contracts';
import { decodeCursor, Handles, toPage, type Call } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { SiweMessage } from 'siwe';
import { z } from 'zod';
import type { Signatures } from '../chain/signatures.js';
import { acceptMessage, type SignInMessage } from '../core/sign-in.js';
import { instant } from '../core/view.js';
import type { Env } from '../env.js';
import { holdAccount } from '../store/accounts.js';
import type { TaskDatabase, Tx } from '../store/database.js';
import { createKey, findKeyRow, listKeys, revokeKey } from '../store/keys.js';
import { saveNonce, useNonce } from '../store/nonces.js';
import { SIGNATURES } from '../tokens.js';

const PageKey = z.tuple([z.coerce.date(), KeyId]);

@Controller()
export class AuthController {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(SIGNATURES) private readonly signatures: Signatures,
  ) {}

  @Handles('auth.nonce')
  async nonce() {
    const nonce = randomBytes(16).toString('hex');
    const expiresAt = new Date(this.now().getTime() + this.env.NONCE_SECONDS * 1_000);
    await saveNonce(this.database.read, nonce, expiresAt);
    const { domain, origin, chainId } = this.rules();
    const statement = 'Sign in to the arena.';
    return { nonce, domain, uri: origin, chainId, version: '1' as const, statement, expiresAt: instant(expiresAt) };
  }

  @Handles('auth.login')
  async login({ body }: Call<'auth.login', Tx>) {
    const { account, nonce } = acceptMessage(parse(body.message), this.rules(), this.now());
    if (!(await this.signatures.ofText(account, body.message, body.signature))) throw new DomainError('auth/signature');
    return this.database.transaction(tx => this.beginSession(tx, account, nonce));
  }

  @Handles('auth.logout')
  async logout({ caller }: Call<'auth.logout', Tx>) {
    if (caller.kind !== 'session') throw new DomainError('auth/session-only');
    await this.database.transaction(tx => revokeKey(tx, caller.id, this.now()));
  }

  @Handles('auth.sessions.list')
  async sessions({ caller, query }: Call<'auth.sessions.list', Tx>) {
    const [createdAt, id] = decodeCursor(PageKey, query.cursor) ?? [];
    const after = createdAt && id ? { createdAt, id } : undefined;
    const account = accountOf(caller) ?? null;
    const { limit } = query;
    const rows = await listKeys(this.database.read, {
      kind: 'session',
      account,
      state: 'live',
      now: this.now(),
      limit,
      after,
    });
    return toPage(rows, limit, row => [row.createdAt, row.id], row => ({
      id: row.id,
      account: row.account ?? '',
      createdAt: instant(row.createdAt),
      expiresAt: instant(row.expiresAt),
      current: idOf(caller) === row.id,
    })); // prettier-ignore
  }

  @Handles('auth.sessions.end')
  async endSession({ caller, params }: Call<'auth.sessions.end', Tx>) {
    await this.database.transaction(async tx => {
      const row = await findKeyRow(tx, params.session);
      if (row?.kind !== 'session' || row.account !== accountOf(caller)) throw new DomainError('resource/not-found');
      await revokeKey(tx, row.id, this.now());
    });
  }

  private async beginSession(tx: Tx, account: Wallet, nonce: string) {
    const now = this.now();
    if (!(await useNonce(tx, nonce, now))) throw new DomainError('auth/nonce');
    const { roles } = await holdAccount(tx, account, now);
    const expiresAt = new Date(now.getTime() + this.env.SESSION_SECONDS * 1_000);
    const { row, token } = await createKey(tx, {
      kind: 'session', name: 'session', account, scopes: [], receiptKey: null, createdAt: now, expiresAt,
    }); // prettier-ignore
    return { token, id: row.id, account, roles: roles as 'admin'[], expiresAt: instant(expiresAt) };
  }

  private rules() {
    const { host: domain, origin } = new URL(this.env.PUBLIC_ORIGIN);
    return { domain, origin, chainId: this.env.CHAIN_ID };
  }
}

const idOf = (caller: Caller): string | undefined => (caller.kind === 'anonymous' ? undefined : caller.id);

function parse(text: string): SignInMessage {
  try {
    return new SiweMessage(text);
  } catch {
    throw new DomainError('auth/message-invalid', {
      errors: [{ pointer: '/message', detail: 'It is not a sign-in message as EIP-4361 describes it' }],
    });
  }
}
