import type { Wallet } from '@arena/contracts';
import type { Database } from '@arena/db';
import { decodeCursor, Handles, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DATABASE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { readAccount } from '../store/read-accounts.js';
import { listLocks } from '../store/read-locks.js';
import { listClaims } from '../store/read-payouts.js';
import { readReach, toFact, toPosition } from '../store/read-place.js';
import { NumberCursor, PlaceCursor, placeKey } from './cursors.js';

@Controller()
export class AccountController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Handles('chain.accounts.get')
  async get({ params }: Call<'chain.accounts.get'>): Promise<HandlerAnswer<'chain.accounts.get'>> {
    return this.database.transaction(
      async tx => {
        const reach = await readReach(tx);
        const { staked, delegated, received, ...held } = await readAccount(tx, params.account);
        return {
          ...held,
          account: params.account,
          staked: staked.map(row => ({ ...toPosition(row), total: row.total })),
          delegated: delegated.map(row => ({
            ...toPosition(row),
            operator: row.operator as Wallet,
            total: row.total,
          })),
          received: received.map(row => ({ ...toPosition(row), total: row.total, delegators: row.delegators })),
          block: Number(reach?.head ?? 0n),
          finalised: Number(reach?.finalised ?? 0n),
        };
      },
      { isolation: 'repeatable read' },
    );
  }

  @Handles('chain.locks.list')
  async locks({ query }: Call<'chain.locks.list'>): Promise<HandlerAnswer<'chain.locks.list'>> {
    const after = decodeCursor(NumberCursor, query.cursor);
    const rows = await listLocks(this.database.read, query.account, query.limit, after);
    return toPage(rows, query.limit, row => Number(row.lock), row => ({
      account: row.account as Wallet,
      lock: String(row.lock),
      locked: row.locked,
      gm: row.gm,
      endsAt: row.endsAt.toISOString(),
      ...toFact(row),
    })); // prettier-ignore
  }

  @Handles('chain.claims.list')
  async claims({ query }: Call<'chain.claims.list'>): Promise<HandlerAnswer<'chain.claims.list'>> {
    const before = decodeCursor(PlaceCursor, query.cursor);
    const rows = await listClaims(this.database.read, query.account, query.limit, before);
    return toPage(rows, query.limit, placeKey, row => ({
      account: row.account as Wallet,
      epoch: Number(row.epoch),
      root: row.root,
      amount: row.amount,
      cumulative: row.cumulative,
      ...toFact(row),
    }));
  }
}
