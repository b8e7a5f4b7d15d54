import { Handles, decodeCursor, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { assertTakesModels } from '../core/uploading.js';
import type { StoredCommitment } from '../store/commitments.js';
import * as store from '../store/commitments.js';
import type { SubmissionDatabase, Tx } from '../store/database.js';
import { findTask } from '../store/known-tasks.js';
import { assertStaked } from './admission.js';
import { trainerOf } from './trainer.js';

/** Of one account on one task. Each costs a row, and whoever needs more can open some. */
const MOST_UNOPENED = 100;

const Key = z.strictObject({ registeredAt: z.iso.datetime(), task: z.int(), commitment: z.string().max(64) });

const view = ({ registeredAt, submission, ...rest }: StoredCommitment) => ({
  ...rest,
  registeredAt: registeredAt.toISOString(),
  submission: submission as HandlerAnswer<'submissions.commitments.register'>['submission'],
});

@Controller()
export class CommitmentController {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('submissions.commitments.register')
  async register(
    call: Call<'submissions.commitments.register', Tx>,
  ): Promise<HandlerAnswer<'submissions.commitments.register'>> {
    const { body, caller, tx } = call;
    const account = trainerOf(caller);
    const ref = { ...body, account };
    await store.holdCommitments(tx, ref);
    const known = await store.findCommitment(tx, ref);
    if (known) return view(known);
    const task = await findTask(tx, body.task);
    assertTakesModels(task, this.clock());
    await assertStaked(tx, task, account);
    if ((await store.countUnopened(tx, ref)) >= MOST_UNOPENED)
      throw new DomainError('submission/too-many-commitments', { detail: `${MOST_UNOPENED} on one task` });
    return view(await store.registerCommitment(tx, ref));
  }

  @Handles('submissions.commitments.list')
  async list(call: Call<'submissions.commitments.list'>): Promise<HandlerAnswer<'submissions.commitments.list'>> {
    const { limit, cursor, task } = call.query;
    const before = decodeCursor(Key, cursor);
    const query = { account: trainerOf(call.caller), task, limit, before };
    const rows = await store.listCommitments(this.database.read, query);
    const keyOf = ({ registeredAt, task, commitment }: StoredCommitment) => ({
      registeredAt: registeredAt.toISOString(),
      ...{ task, commitment },
    });
    return toPage(rows, limit, keyOf, view);
  }
}
