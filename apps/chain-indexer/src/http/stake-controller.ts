import type { Wallet } from '@arena/contracts';
import type { Database } from '@arena/db';
import { decodeCursor, Handles, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { DATABASE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { assertReached, roleNumber, toFact, toPosition } from '../store/read-place.js';
import { listStakeChanges, listStakes, type StakeRow } from '../store/read-stakes.js';
import { listWeights, readCut, type WeightRow } from '../store/read-weights.js';
import { PlaceCursor, placeKey, StakeCursor, WeightCursor } from './cursors.js';

@Controller()
export class StakeController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Handles('chain.stakes.list')
  async list({ query }: Call<'chain.stakes.list'>): Promise<HandlerAnswer<'chain.stakes.list'>> {
    const { read } = this.database;
    await assertReached(read, query.atBlock);
    const rows = await listStakes(read, query, query.limit, decodeCursor(StakeCursor, query.cursor));
    return toPage(rows, query.limit, row => [Number(row.task), row.role, row.account], toStake);
  }

  @Handles('chain.stakes.history')
  async history({ query }: Call<'chain.stakes.history'>): Promise<HandlerAnswer<'chain.stakes.history'>> {
    const before = decodeCursor(PlaceCursor, query.cursor);
    const rows = await listStakeChanges(this.database.read, query, query.limit, before);
    return toPage(rows, query.limit, placeKey, toStake);
  }

  @Handles('chain.weights')
  async weights({ query }: Call<'chain.weights'>): Promise<HandlerAnswer<'chain.weights'>> {
    const { program, task, account, operator, limit, of } = query;
    const [from, to] = [new Date(query.from), new Date(query.to)];
    const after = decodeCursor(WeightCursor, query.cursor);
    // One state of the chain for the cut and for what is weighed up to it.
    return this.database.transaction(
      async tx => {
        const cut = await readCut(tx, query.finality);
        if (!cut || cut.at <= from)
          throw new DomainError('chain/not-reached', {
            detail: `The newest block that counts is of ${cut?.at.toISOString() ?? 'no time yet'}.`,
          });
        const until = cut.at < to ? cut.at : to;
        const asked = { program, task, role: roleNumber(query.role), account, operator, from, until, block: cut.block };
        const rows = await listWeights(tx, of, asked, limit, after);
        return {
          ...toPage(rows, limit, row => [row.operator, row.account], toWeight),
          from: query.from,
          until: until.toISOString(),
          complete: cut.finalised && cut.at >= to,
          block: Number(cut.block),
          finalised: cut.finalised,
        };
      },
      { isolation: 'repeatable read' },
    );
  }
}

const toStake = (row: StakeRow) => ({
  ...toPosition(row),
  account: row.account as Wallet,
  delta: row.delta,
  total: row.total,
  ...toFact(row),
});

const toWeight = ({ account, operator, weight }: WeightRow) => ({
  account: account as Wallet,
  operator: operator as Wallet | null,
  weight,
});
