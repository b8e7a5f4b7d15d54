// Accounts: wallets that have signed in at least once, or were given a role.
// Each change is announced in its own transaction and written into this service's own projection, so that it counts here at once.
import { projectAccount } from '@arena/auth';
import type { Wallet } from '@arena/contracts';
import { publish } from '@arena/outbox';
import type { Tx } from './database.js';
import type { Account as AccountRow } from './generated/client.js';

export type { AccountRow };
export type AccountFields = Pick<AccountRow, 'displayName' | 'payoutAddress' | 'conflictGroup' | 'roles'>;

export const findAccount = (tx: Tx, account: string) => tx.prisma.account.findUnique({ where: { account } });

/** The row, locked until the transaction ends; made first when the wallet is new. */
export async function holdAccount(tx: Tx, account: Wallet, now: Date): Promise<AccountRow> {
  const { count } = await tx.prisma.account.createMany({
    data: { account, roles: [], createdAt: now, updatedAt: now },
    skipDuplicates: true,
  });
  await tx.query('SELECT 1 FROM accounts WHERE account = $1 FOR UPDATE', [account]);
  const row = await tx.prisma.account.findUniqueOrThrow({ where: { account } });
  if (count > 0) await announce(tx, row);
  return row;
}

export async function changeAccount(
  tx: Tx,
  held: AccountRow,
  change: Partial<AccountFields>,
  now: Date,
): Promise<AccountRow> {
  const row = await tx.prisma.account.update({
    where: { account: held.account },
    data: { ...change, version: held.version + 1n, updatedAt: now },
  });
  await announce(tx, row);
  return row;
}

/** Whoever adds or takes away admins waits for the others who do: there must always be one left. */
export async function countAdmins(tx: Tx): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('tasks.admins', 0))::text`);
  return tx.prisma.account.count({ where: { roles: { has: 'admin' } } });
}

export interface AccountQuery {
  limit: number;
  after: { createdAt: Date; account: string } | undefined;
  role: string | undefined;
}

export const listAccounts = (tx: Tx, { limit, after, role }: AccountQuery) =>
  tx.prisma.account.findMany({
    where: {
      ...(role ? { roles: { has: role } } : {}),
      ...(after
        ? {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, account: { lt: after.account } },
            ],
          }
        : {}),
    },
    orderBy: [{ createdAt: 'desc' }, { account: 'desc' }],
    take: limit + 1,
  });

async function announce(tx: Tx, row: AccountRow): Promise<void> {
  const { account, displayName, payoutAddress, conflictGroup, roles } = row;
  const version = Number(row.version);
  const payload = { account, displayName, payoutAddress, conflictGroup, roles: roles as 'admin'[] };
  await projectAccount(tx, version, payload);
  await publish(tx, { name: 'account.changed.v1', entity: `account:${account}`, entityVersion: version, payload });
}
