import { createHash } from 'node:crypto';
import { actsAsAdmin, nameOf, type Caller } from '@arena/auth';
import { canonicalJson, phases, TaskNumber, type Json, type TaskSpec } from '@arena/contracts';
import { assertMatch, decodeCursor, Handles, toPage, type Call } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { assertOffChain, assertUncommitted } from '../core/task-chain.js';
import { datasetFaults, datasetsOf } from '../core/task-datasets.js';
import type { TaskCommand } from '../core/task.js';
import type { Env } from '../env.js';
import { recordAudit } from '../store/audit.js';
import type { TaskDatabase, Tx } from '../store/database.js';
import { findReadyVersions } from '../store/datasets.js';
import { followAgain } from '../store/task-follow.js';
import { moveTask } from '../store/task-moves.js';
import {
  createTask,
  findTask,
  findVersion,
  holdTask,
  listChanges,
  listTasks,
  type StoredTask,
} from '../store/tasks.js';
import { findParticipants } from '../store/participants.js';
import { TASK_SCHEDULE, type TaskSchedule } from '../jobs/task-schedule.js';
import { toChange, toParticipants, toSummary, toTask, scheduleFrom } from './task-view.js';

const public_ = phases.filter(phase => phase !== 'draft');

@Controller()
export class TaskController {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(TASK_SCHEDULE) private readonly schedule: TaskSchedule,
  ) {}

  @Handles('tasks.list')
  async list({ caller, query }: Call<'tasks.list', Tx>) {
    const visible = actsAsAdmin(caller) ? phases : public_;
    const before = decodeCursor(TaskNumber, query.cursor);
    const rows = await listTasks(this.database.read, {
      limit: query.limit,
      before,
      phases: query.phase ? visible.filter(phase => phase === query.phase) : visible,
      kind: query.kind,
      closesBefore: query.closesBefore,
      closesAfter: query.closesAfter,
    });
    return toPage(rows, query.limit, row => row.task, toSummary);
  }

  @Handles('tasks.get')
  async get({ caller, params }: Call<'tasks.get', Tx>) {
    const { read } = this.database;
    const { version } = visibleTo(caller, await findVersion(read, params.task));
    const load = async () => {
      const stored = found(await findTask(read, params.task));
      return { body: toTask(stored), version: stored.version };
    };
    return { version, load };
  }

  @Handles('tasks.participants')
  async participants({ caller, params }: Call<'tasks.participants', Tx>) {
    visibleTo(caller, await findVersion(this.database.read, params.task));
    return toParticipants(await findParticipants(this.database.read, params.task));
  }

  @Handles('tasks.history')
  async history({ caller, params, query }: Call<'tasks.history', Tx>) {
    visibleTo(caller, await findVersion(this.database.read, params.task));
    const after = decodeCursor(z.coerce.bigint(), query.cursor);
    const rows = await listChanges(this.database.read, params.task, query.limit, after);
    return toPage(rows, query.limit, row => String(row.id), toChange);
  }

  @Handles('tasks.create')
  async create({ caller, body, tx }: Call<'tasks.create', Tx>) {
    const now = this.now();
    const stored = await createTask(tx, body.spec, specHash(body.spec), now);
    const subject = `task:${stored.task}`;
    const after = { specHash: stored.specHash };
    await recordAudit(tx, { at: now, actor: nameOf(caller), action: 'task.create', subject, after });
    return toTask(stored);
  }

  @Handles('tasks.edit')
  async edit({ caller, params, body, ifMatch }: Call<'tasks.edit', Tx>) {
    return this.database.transaction(async tx => {
      const held = found(await holdTask(tx, params.task));
      assertMatch(ifMatch, held.version);
      assertUncommitted(held.chain, held.specHash);
      const edited = { ...held, spec: body.spec, specHash: specHash(body.spec) };
      const by = { actor: nameOf(caller), reason: body.reason ?? null, datasetsBucket: this.env.DATASETS_BUCKET };
      const now = this.now();
      const drafted = await moveTask(tx, edited, { do: 'edit' }, by, now);
      // A spec that is mended may be what the chain is waiting for.
      const reached = held.chain && (await followAgain(tx, params.task, { ...by, now }));
      const stored = reached?.task ?? drafted;
      this.schedule.wake();
      return { body: toTask(stored), version: stored.version };
    });
  }

  @Handles('tasks.verify')
  async verify({ caller, params, body, tx }: Call<'tasks.verify', Tx>) {
    const held = found(await holdTask(tx, params.task));
    assertOffChain(held.chain, { do: 'verify' });
    const ready = await findReadyVersions(tx, datasetsOf(held.spec).map(({ ref }) => ref)); // prettier-ignore
    const errors = datasetFaults(held.spec, ready);
    if (held.state.phase === 'draft' && errors.length > 0) throw new DomainError('task/dataset', { errors });
    return this.move(tx, held, { do: 'verify' }, caller, body.reason);
  }

  @Handles('tasks.open')
  async open({ caller, params, body, tx }: Call<'tasks.open', Tx>) {
    const held = found(await holdTask(tx, params.task));
    return this.move(tx, held, { do: 'open', schedule: scheduleFrom(body.schedule) }, caller, body.reason);
  }

  @Handles('tasks.extend')
  async extend({ caller, params, body, tx }: Call<'tasks.extend', Tx>) {
    const date = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
    const command: TaskCommand = { do: 'extend', closesAt: date(body.closesAt), finalEndsAt: date(body.finalEndsAt) };
    return this.move(tx, found(await holdTask(tx, params.task)), command, caller, body.reason);
  }

  @Handles('tasks.pause')
  async pause({ caller, params, body, tx }: Call<'tasks.pause', Tx>) {
    return this.move(tx, found(await holdTask(tx, params.task)), { do: 'pause' }, caller, body.reason);
  }

  @Handles('tasks.resume')
  async resume({ caller, params, body, tx }: Call<'tasks.resume', Tx>) {
    const held = found(await holdTask(tx, params.task));
    return this.move(tx, held, { do: 'resume', keepTimes: held.chain !== null }, caller, body.reason);
  }

  @Handles('tasks.finalise')
  async finalise({ caller, params, body, tx }: Call<'tasks.finalise', Tx>) {
    const command: TaskCommand = { do: 'finalise', rankingRoot: body.rankingRoot };
    return this.move(tx, found(await holdTask(tx, params.task)), command, caller, body.reason);
  }

  @Handles('tasks.cancel')
  async cancel({ caller, params, body, tx }: Call<'tasks.cancel', Tx>) {
    const command: TaskCommand = { do: 'cancel', reason: body.reason };
    return this.move(tx, found(await holdTask(tx, params.task)), command, caller, body.reason);
  }

  /** A command acts on the task as the clock has it now, also when the schedule's own round comes a moment late. */
  private async move(tx: Tx, held: StoredTask, command: TaskCommand, caller: Caller, reason: string | undefined) {
    assertOffChain(held.chain, command);
    const { DATASETS_BUCKET: datasetsBucket } = this.env;
    const now = this.now();
    const onTime = await moveTask(
      tx,
      held,
      { do: 'tick' },
      { actor: 'service:task-service', reason: null, datasetsBucket },
      now,
    );
    const by = { actor: nameOf(caller), reason: reason ?? null, datasetsBucket };
    const moved = await moveTask(tx, onTime, command, by, now);
    this.schedule.wake();
    return toTask(moved);
  }
}

const specHash = (spec: TaskSpec): string =>
  createHash('sha256')
    .update(canonicalJson(spec as Json))
    .digest('hex');

function found<T>(stored: T | undefined): T {
  if (!stored) throw new DomainError('resource/not-found');
  return stored;
}

/** A draft exists for admins only. */
function visibleTo<T extends { phase: string }>(caller: Caller, stored: T | undefined): T {
  if (!stored || (stored.phase === 'draft' && !actsAsAdmin(caller))) throw new DomainError('resource/not-found');
  return stored;
}
