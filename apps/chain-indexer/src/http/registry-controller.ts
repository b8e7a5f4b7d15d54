import type { Wallet } from '@arena/contracts';
import type { Database } from '@arena/db';
import { decodeCursor, Handles, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { DATABASE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { registryTask } from '../core/registry-task.js';
import { listCases, type CaseRow } from '../store/read-cases.js';
import { listRoots, type RootRow } from '../store/read-payouts.js';
import { toFact, toPosition } from '../store/read-place.js';
import { isRegistered, listTaskChanges, type TaskChangeRow } from '../store/read-tasks.js';
import { NumberCursor, PlaceCursor } from './cursors.js';

@Controller()
export class RegistryController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Handles('chain.tasks.get')
  async task({ params }: Call<'chain.tasks.get'>): Promise<HandlerAnswer<'chain.tasks.get'>> {
    const changes = await listTaskChanges(this.database.read, params.task);
    const last = changes.at(-1);
    if (!last) throw new DomainError('resource/not-found');
    const { creator, schedule, ...facts } = registryTask(changes);
    return { task: params.task, ...facts, creator: creator as Wallet | null, schedule: schedule && toTimes(schedule), ...toFact(last) }; // prettier-ignore
  }

  @Handles('chain.tasks.history')
  async history({ params, query }: Call<'chain.tasks.history'>): Promise<HandlerAnswer<'chain.tasks.history'>> {
    const { read } = this.database;
    if (!(await isRegistered(read, params.task))) throw new DomainError('resource/not-found');
    const after = decodeCursor(z.coerce.bigint(), query.cursor);
    const rows = await listTaskChanges(read, params.task, { limit: query.limit, after });
    return toPage(rows, query.limit, row => String(row.ordinal), toChange);
  }

  @Handles('chain.roots.list')
  async roots({ query }: Call<'chain.roots.list'>): Promise<HandlerAnswer<'chain.roots.list'>> {
    const before = decodeCursor(NumberCursor, query.cursor);
    const rows = await listRoots(this.database.read, query.limit, { before });
    return toPage(rows, query.limit, row => Number(row.epoch), toRoot);
  }

  @Handles('chain.roots.get')
  async root({ params }: Call<'chain.roots.get'>): Promise<HandlerAnswer<'chain.roots.get'>> {
    const [row] = await listRoots(this.database.read, 1, { epoch: params.epoch });
    if (!row) throw new DomainError('resource/not-found');
    return toRoot(row);
  }

  @Handles('chain.cases.list')
  async cases({ query }: Call<'chain.cases.list'>): Promise<HandlerAnswer<'chain.cases.list'>> {
    const before = decodeCursor(PlaceCursor, query.cursor);
    const rows = await listCases(this.database.read, query, query.limit, before);
    return toPage(rows, query.limit, row => [Number(row.openedBlock), row.openedIndex], toCase);
  }
}

const toTimes = ({ opensAt, closesAt, finalEndsAt }: Pick<TaskChangeRow, 'opensAt' | 'closesAt' | 'finalEndsAt'>) =>
  opensAt && closesAt && finalEndsAt
    ? {
        opensAt: opensAt.toISOString(),
        closesAt: closesAt.toISOString(),
        finalEndsAt: finalEndsAt.toISOString(),
      }
    : null;

const toChange = (row: TaskChangeRow) => ({
  change: row.change,
  account: row.other as Wallet | null,
  amount: row.amount,
  bounty: row.bounty,
  specHash: row.specHash,
  schedule: toTimes(row),
  rankingRoot: row.rankingRoot,
  ...toFact(row),
});

const opening = (row: RootRow | CaseRow, block: bigint, blockHash: string, at: Date, transaction: string, logIndex: number) =>
  toFact({ ...row, block, blockHash, at, transaction, logIndex }); // prettier-ignore

const toRoot = (row: RootRow) => ({
  epoch: Number(row.epoch),
  status: row.status,
  root: row.root,
  total: row.total,
  minted: row.minted,
  evidenceHash: row.evidenceHash,
  uri: row.uri,
  activeAt: row.activeAt.toISOString(),
  submitted: opening(row, row.submittedBlock, row.submittedHash, row.submittedAt, row.submittedIn, row.submittedIndex),
  ...toFact(row),
});

const toCase = (row: CaseRow) => ({
  ...toPosition(row),
  case: row.case,
  account: row.account as Wallet,
  status: row.status,
  ppm: row.ppm,
  delegationPpm: row.delegationPpm,
  evidenceHash: row.evidenceHash,
  reporter: row.reporter as Wallet,
  executableAt: row.executableAt.toISOString(),
  gm: row.gm,
  released: row.released,
  opened: opening(row, row.openedBlock, row.openedHash, row.openedAt, row.openedIn, row.openedIndex),
  ...toFact(row),
});
