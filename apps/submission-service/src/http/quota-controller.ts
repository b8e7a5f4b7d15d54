import { Handles, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import type { SubmissionDatabase } from '../store/database.js';
import { findTask } from '../store/known-tasks.js';
import { standingOf } from './admission.js';
import { trainerOf } from './trainer.js';

@Controller()
export class QuotaController {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('submissions.quota')
  async quota({ query, caller }: Call<'submissions.quota'>): Promise<HandlerAnswer<'submissions.quota'>> {
    const { read } = this.database;
    const task = await findTask(read, query.task);
    if (!task) throw new DomainError('resource/not-found', { detail: 'There is no such task' });
    const { limit, used, next, stake, minimum } = await standingOf(read, task, trainerOf(caller), this.clock());
    return {
      ...{ task: query.task, limit, used },
      nextAllowedAt: next?.toISOString() ?? null,
      stake: String(stake),
      minimum: String(minimum),
    };
  }
}
