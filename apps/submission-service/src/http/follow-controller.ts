import { Handles, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { DATABASE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { isOver } from '../core/submission.js';
import { CHANGES, type Changes } from '../jobs/changes.js';
import type { SubmissionDatabase } from '../store/database.js';
import { showOne, type ShownSubmission } from '../store/submission-reads.js';
import { findSubmission } from '../store/submissions.js';
import { submissionView } from './submission-view.js';
import { assertOwn } from './trainer.js';

type Asked = Pick<Call<'submissions.get'>, 'params' | 'caller'>;

/** Reads that wait for something to happen. */
@Controller()
export class FollowController {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(CHANGES) private readonly changes: Changes,
  ) {}

  @Handles('submissions.get')
  async get(call: Call<'submissions.get'>): Promise<HandlerAnswer<'submissions.get'>> {
    const { wait, after } = call.query;
    if (wait === 0) return submissionView(await this.own(call));
    const following = this.changes.follow(call.params.submission, AbortSignal.timeout(wait * 1_000));
    try {
      const first = await this.own(call);
      const known = after === undefined ? first.version : BigInt(after);
      for (let found = first; ; found = await this.own(call))
        if (found.version > known || isOver(found.state) || !(await following.next())) return submissionView(found);
    } finally {
      following.end();
    }
  }

  @Handles('submissions.events')
  async *events(call: Call<'submissions.events'>): HandlerAnswer<'submissions.events'> {
    const following = this.changes.follow(call.params.submission, call.signal);
    let seen = versionOf(call.lastEventId);
    try {
      do {
        const found = await this.own(call);
        const { version } = found;
        // Whoever says to have seen what never was begins anew.
        if (version !== seen) yield { id: String(version), event: 'submission', data: submissionView(found) };
        seen = version;
        if (isOver(found.state)) return;
      } while (await following.next());
    } finally {
      following.end();
    }
  }

  private async own({ params, caller }: Asked): Promise<ShownSubmission> {
    const found = await findSubmission(this.database.read, params.submission);
    assertOwn(found, caller);
    return showOne(this.database.read, found);
  }
}

function versionOf(lastEventId: string | undefined): bigint | undefined {
  if (lastEventId === undefined) return undefined;
  if (/^[0-9]{1,18}$/.test(lastEventId)) return BigInt(lastEventId);
  const detail = 'must be an id of an event of this stream';
  throw new DomainError('request/invalid', { errors: [{ pointer: '/headers/last-event-id', detail }] });
}
