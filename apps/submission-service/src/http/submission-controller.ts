import { Handles, decodeCursor, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { wrongState, withdraw } from '../core/submission.js';
import type { Env } from '../env.js';
import { ORIGINAL_FILES, type OriginalFiles } from '../files/original-files.js';
import type { SubmissionDatabase, Tx } from '../store/database.js';
import { fileOf } from '../store/submission-files.js';
import { moveSubmission } from '../store/submission-moves.js';
import { findReport, listChanges, showOne, shown } from '../store/submission-reads.js';
import { findSubmission, holdSubmission, listSubmissions, type StoredSubmission } from '../store/submissions.js';
import { submissionView } from './submission-view.js';
import { assertOwn, trainerOf } from './trainer.js';

const Key = z.strictObject({ createdAt: z.iso.datetime(), submission: z.guid() });

@Controller()
export class SubmissionController {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(ORIGINAL_FILES) private readonly files: OriginalFiles,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('submissions.list')
  async list({ query, caller }: Call<'submissions.list'>): Promise<HandlerAnswer<'submissions.list'>> {
    const { read } = this.database;
    const { limit, cursor, ...filter } = query;
    const before = decodeCursor(Key, cursor);
    const rows = await shown(
      read,
      await listSubmissions(read, { ...filter, trainer: trainerOf(caller), limit, before }),
    );
    const keyOf = ({ createdAt, submission }: StoredSubmission) => ({ createdAt: createdAt.toISOString(), submission });
    return toPage(rows, limit, keyOf, submissionView);
  }

  @Handles('submissions.history')
  async history(call: Call<'submissions.history'>): Promise<HandlerAnswer<'submissions.history'>> {
    const { submission } = await this.own(call);
    const changes = await listChanges(this.database.read, submission);
    const items = changes.map(({ at, version, state, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      version: Number(version),
      state: state as StoredSubmission['state']['state'],
    }));
    return { items };
  }

  @Handles('submissions.report')
  async report(call: Call<'submissions.report'>): Promise<HandlerAnswer<'submissions.report'>> {
    const found = await this.own(call);
    const { state } = found;
    const { report, canonical } = await findReport(this.database.read, found.submission);
    const reasons = 'reasons' in state ? state.reasons : [];
    // Of what cannot be read at all the reasons are the report.
    if (report === null && reasons.length === 0) throw wrongState(state);
    return { submission: found.submission, report, canonical, reasons };
  }

  @Handles('submissions.original')
  async original(call: Call<'submissions.original'>): Promise<HandlerAnswer<'submissions.original'>> {
    const { state, ...found } = await this.own(call);
    const file = fileOf({ ...found, state }, call.query.file);
    if (!file) throw new DomainError('resource/not-found', { detail: 'This submission has no such file' });
    const { filename, size, sha256, key } = file;
    if (state.state === 'abandoned' || sha256 === null) throw wrongState(state);
    const seconds = this.env.URL_SECONDS;
    const expiresAt = new Date(this.clock().getTime() + seconds * 1_000).toISOString();
    return { url: await this.files.downloadUrl(key, filename, seconds), expiresAt, filename, size, sha256 };
  }

  @Handles('submissions.withdraw')
  async withdraw(call: Call<'submissions.withdraw', Tx>): Promise<HandlerAnswer<'submissions.withdraw'>> {
    const { params, body, caller, tx } = call;
    const held = await holdSubmission(tx, params.submission);
    assertOwn(held, caller);
    const at = this.clock();
    const next = withdraw(held.state, at);
    const what = next.state === 'abandoned' ? 'abandoned' : 'withdrawn';
    const moved = await moveSubmission(tx, held, next, { what, at, reason: body.reason ?? null });
    return submissionView(await showOne(tx, moved));
  }

  private async own({
    params,
    caller,
  }: Pick<Call<'submissions.history'>, 'params' | 'caller'>): Promise<StoredSubmission> {
    const found = await findSubmission(this.database.read, params.submission);
    assertOwn(found, caller);
    return found;
  }
}
