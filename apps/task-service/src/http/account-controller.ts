import { accountOf, nameOf, type Caller } from '@arena/auth';
import { Wallet } from '@arena/contracts';
import { assertMatch, decodeCursor, Handles, toPage, type Call } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { instant } from '../core/view.js';
import {
  changeAccount,
  countAdmins,
  findAccount,
  holdAccount,
  listAccounts,
  type AccountRow,
} from '../store/accounts.js';
import { recordAudit } from '../store/audit.js';
import type { TaskDatabase, Tx } from '../store/database.js';

const PageKey = z.tuple([z.coerce.date(), Wallet]);

@Controller()
export class AccountController {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Handles('accounts.mine')
  async mine({ caller }: Call<'accounts.mine', Tx>) {
    const row = await findAccount(this.database.read, accountOf(caller) ?? '');
    if (!row) throw new DomainError('resource/not-found');
    return { body: toAccount(row), version: row.version };
  }

  @Handles('accounts.edit')
  async edit({ caller, body, ifMatch }: Call<'accounts.edit', Tx>) {
    return this.database.transaction(async tx => {
      const held = await holdAccount(tx, accountOf(caller) as Wallet, this.now());
      assertMatch(ifMatch, held.version);
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const row = await changeAccount(tx, held, given, this.now());
      return { body: toAccount(row), version: row.version };
    });
  }

  @Handles('accounts.list')
  async list({ query }: Call<'accounts.list', Tx>) {
    const [createdAt, account] = decodeCursor(PageKey, query.cursor) ?? [];
    const after = createdAt && account ? { createdAt, account } : undefined;
    const rows = await listAccounts(this.database.read, { limit: query.limit, after, role: query.role });
    return toPage(rows, query.limit, row => [row.createdAt, row.account], toAccount);
  }

  @Handles('accounts.get')
  async get({ params }: Call<'accounts.get', Tx>) {
    const row = await findAccount(this.database.read, params.account);
    if (!row) throw new DomainError('resource/not-found');
    return toAccount(row);
  }

  @Handles('accounts.roles.grant')
  async grant({ caller, params, body }: Call<'accounts.roles.grant', Tx>) {
    return this.changeRoles(caller, params.account, body.reason, 'role.grant', roles => [
      ...new Set([...roles, params.role]),
    ]);
  }

  @Handles('accounts.roles.withdraw')
  async withdraw({ caller, params, query }: Call<'accounts.roles.withdraw', Tx>) {
    const without = (roles: string[]) => roles.filter(role => role !== params.role);
    return this.changeRoles(caller, params.account, query.reason, 'role.withdraw', without);
  }

  private changeRoles(
    caller: Caller,
    account: Wallet,
    reason: string,
    action: string,
    change: (roles: string[]) => string[],
  ) {
    return this.database.transaction(async tx => {
      const now = this.now();
      const admins = await countAdmins(tx);
      if (action === 'role.withdraw' && !(await findAccount(tx, account))) throw new DomainError('resource/not-found');
      const held = await holdAccount(tx, account, now);
      const roles = change(held.roles);
      if (roles.length === held.roles.length) return toAccount(held);
      if (held.roles.includes('admin') && !roles.includes('admin') && admins <= 1)
        throw new DomainError('account/last-admin');
      const row = await changeAccount(tx, held, { roles }, now);
      const subject = `account:${account}`;
      const [before, after] = [{ roles: held.roles }, { roles: row.roles }];
      await recordAudit(tx, { at: now, actor: nameOf(caller), action, subject, reason, before, after });
      return toAccount(row);
    });
  }
}

/** The public route's schema lets only the public half of it out. */
const toAccount = (row: AccountRow) => ({
  account: row.account,
  displayName: row.displayName,
  payoutAddress: row.payoutAddress,
  conflictGroup: row.conflictGroup,
  roles: row.roles as 'admin'[],
  createdAt: instant(row.createdAt),
  updatedAt: instant(row.updatedAt),
});
