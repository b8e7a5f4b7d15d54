import type { Wallet } from '@arena/contracts';
import { changeAccount, countAdmins, holdAccount } from '../store/accounts.js';
import { recordAudit } from '../store/audit.js';
import type { TaskDatabase } from '../store/database.js';

/** The wallets of ADMIN_WALLETS become the first admins. Once there is an admin, admins make admins. */
export async function seedAdmins(database: TaskDatabase, wallets: readonly Wallet[], now: Date): Promise<number> {
  return database.transaction(async tx => {
    if (wallets.length === 0 || (await countAdmins(tx)) > 0) return 0;
    for (const wallet of new Set(wallets)) {
      const held = await holdAccount(tx, wallet, now);
      await changeAccount(tx, held, { roles: ['admin'] }, now);
      await recordAudit(tx, {
        at: now,
        actor: 'service:task-service',
        action: 'role.grant',
        subject: `account:${wallet}`,
        reason: 'named in ADMIN_WALLETS, and there was no admin yet',
        before: { roles: held.roles },
        after: { roles: ['admin'] },
      });
    }
    return wallets.length;
  });
}
