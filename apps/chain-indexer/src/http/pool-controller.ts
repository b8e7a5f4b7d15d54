import type { Wallet } from '@arena/contracts';
import type { Database } from '@arena/db';
import { decodeCursor, Handles, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { DATABASE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { toFact, toPosition } from '../store/read-place.js';
import { listPools, readCuts, type CutRow, type PoolRow } from '../store/read-pools.js';
import { StakeCursor } from './cursors.js';

@Controller()
export class PoolController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Handles('chain.pools.list')
  async list({ query }: Call<'chain.pools.list'>): Promise<HandlerAnswer<'chain.pools.list'>> {
    const { read } = this.database;
    const rows = await listPools(read, query, query.limit, decodeCursor(StakeCursor, query.cursor));
    const cuts = await this.cutsOf(rows);
    return toPage(rows, query.limit, row => [Number(row.task), row.role, row.operator], row => toPool(row, cuts)); // prettier-ignore
  }

  @Handles('chain.pools.get')
  async get({ params, query }: Call<'chain.pools.get'>): Promise<HandlerAnswer<'chain.pools.get'>> {
    const [row] = await listPools(this.database.read, { ...query, ...params }, 1, undefined);
    if (!row) throw new DomainError('resource/not-found');
    return toPool(row, await this.cutsOf([row]));
  }

  private cutsOf(rows: readonly PoolRow[]): Promise<CutRow[]> {
    const operators = rows.map(row => row.operator);
    return rows.length === 0 ? Promise.resolve([]) : readCuts(this.database.read, rows, operators);
  }
}

function toPool(row: PoolRow, cuts: readonly CutRow[]) {
  const own = cuts.filter(
    cut =>
      cut.program === row.program && cut.task === row.task && cut.role === row.role && cut.operator === row.operator,
  );
  return {
    ...toPosition(row),
    operator: row.operator as Wallet,
    own: row.own,
    delegated: row.delegated,
    delegators: row.delegators,
    cut: toCut(own.find(cut => cut.inForce)),
    announcedCut: toCut(own.find(cut => !cut.inForce)),
    since: row.since.toISOString(),
    ...toFact(row),
  };
}

const toCut = (row: CutRow | undefined) =>
  row ? { cutPpm: row.cutPpm, effectiveAt: row.effectiveAt.toISOString(), ...toFact(row) } : null;
