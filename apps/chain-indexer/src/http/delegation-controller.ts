import type { Wallet } from '@arena/contracts';
import type { Database } from '@arena/db';
import { decodeCursor, Handles, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DATABASE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import {
  listDelegationChanges,
  listDelegations,
  listUndelegations,
  type DelegationKey,
  type DelegationRow,
} from '../store/read-delegations.js';
import { assertReached, toFact, toPosition } from '../store/read-place.js';
import { DelegationCursor, PlaceCursor, placeKey } from './cursors.js';

@Controller()
export class DelegationController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Handles('chain.delegations.list')
  async list({ query }: Call<'chain.delegations.list'>): Promise<HandlerAnswer<'chain.delegations.list'>> {
    const { read } = this.database;
    await assertReached(read, query.atBlock);
    const rows = await listDelegations(read, query, query.limit, decodeCursor(DelegationCursor, query.cursor));
    return toPage(rows, query.limit, keyOf, toDelegation);
  }

  @Handles('chain.delegations.history')
  async history({ query }: Call<'chain.delegations.history'>): Promise<HandlerAnswer<'chain.delegations.history'>> {
    const before = decodeCursor(PlaceCursor, query.cursor);
    const rows = await listDelegationChanges(this.database.read, query, query.limit, before);
    return toPage(rows, query.limit, placeKey, toDelegation);
  }

  @Handles('chain.undelegations.list')
  async undelegations({ query }: Call<'chain.undelegations.list'>): Promise<HandlerAnswer<'chain.undelegations.list'>> {
    const after = decodeCursor(DelegationCursor, query.cursor);
    const rows = await listUndelegations(this.database.read, query, query.limit, after);
    return toPage(rows, query.limit, keyOf, row => ({ ...toDelegation(row), readyAt: row.readyAt.toISOString() }));
  }
}

const keyOf = ({ task, role, operator, account }: DelegationRow): DelegationKey => [Number(task), role, operator, account]; // prettier-ignore

const toDelegation = (row: DelegationRow) => ({
  ...toPosition(row),
  operator: row.operator as Wallet,
  account: row.account as Wallet,
  delta: row.delta,
  total: row.total,
  ...toFact(row),
});
