import type { ModelFile } from '@arena/contracts';
import { crashPoint } from '@arena/db';
import { Handles, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { countParts, faultOfParts, partSizeFor, partsToSign, type LandedPart } from '@arena/uploads';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { assertOpen, begin, type In } from '../core/submission.js';
import { deadlineFor } from '../core/uploading.js';
import type { Env } from '../env.js';
import { ORIGINAL_FILES, type OriginalFiles } from '../files/original-files.js';
import type { SubmissionDatabase, Tx } from '../store/database.js';
import { reserveQuota } from '../store/quota.js';
import { fileOf, nameUpload } from '../store/submission-files.js';
import { showOne } from '../store/submission-reads.js';
import * as store from '../store/submissions.js';
import type { StoredFile, StoredSubmission } from '../store/submissions.js';
import { admit, expectAdmission } from './admission.js';
import { claimsOf, completeSubmission, isSaidAgain } from './completion.js';
import { submissionView, uploadView } from './submission-view.js';
import { assertOwn, trainerOf } from './trainer.js';

type FileName = z.output<typeof ModelFile>;
interface OpenUpload {
  of: StoredSubmission & { state: In<'uploading'> };
  file: StoredFile;
}

@Controller()
export class UploadController {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(ORIGINAL_FILES) private readonly files: OriginalFiles,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('submissions.begin')
  async begin(call: Call<'submissions.begin', Tx>): Promise<HandlerAnswer<'submissions.begin'>> {
    const { body, caller, tx } = call;
    const { filename, size, data, partSize, supersedes } = body;
    const trainer = trainerOf(caller);
    const wanted = { task: body.task, trainer, size: size + (data?.size ?? 0), supersedes };
    await expectAdmission(tx, wanted, this.clock());
    const { task, now } = await admit(tx, wanted, this.clock);
    const fresh = (file: FileName, declared: { filename: string; size: number }) => {
      const cut = partSizeFor(declared.size, partSize);
      return { file, filename: declared.filename, size: declared.size, partSize: cut, key: this.files.newKey() };
    };
    const begun = await store.createSubmission(tx, {
      task: body.task,
      trainer,
      supersedes: supersedes ?? null,
      createdAt: now,
      state: begin(deadlineFor(task, now, this.env.UPLOAD_SECONDS)),
      files: [fresh('model', { filename, size }), ...(data ? [fresh('data', data)] : [])],
    });
    await reserveQuota(tx, { submission: begun.submission, task: body.task, account: trainer, at: now });
    return uploadView(await showOne(tx, begun));
  }

  @Handles('submissions.parts.urls')
  async partUrls(call: Call<'submissions.parts.urls'>): Promise<HandlerAnswer<'submissions.parts.urls'>> {
    const { file: name, numbers } = call.body;
    const now = this.clock();
    const { of, file } = openUpload(await this.own(this.database.read, call), name, now);
    const parts = partsToSign(file, numbers);
    const started = file.uploadId === null ? await this.started(of, file) : { of, file };
    const { key, uploadId } = started.file;
    if (uploadId === null) throw new Error(`the upload of ${of.submission} was not named`);
    const { deadline } = started.of.state;
    return this.files.partUrls(key, uploadId, parts, { now, deadline, seconds: this.env.URL_SECONDS });
  }

  @Handles('submissions.parts.list')
  async parts(call: Call<'submissions.parts.list'>): Promise<HandlerAnswer<'submissions.parts.list'>> {
    const { file } = openUpload(await this.own(this.database.read, call), call.query.file, this.clock());
    return { partSize: file.partSize, parts: countParts(file), landed: await this.landed(file) };
  }

  @Handles('submissions.complete')
  async complete(call: Call<'submissions.complete', Tx>): Promise<HandlerAnswer<'submissions.complete'>> {
    const { params, body, tx } = call;
    const now = this.clock();
    const found = await this.own(tx, call);
    const claims = claimsOf(found, body);
    if (!isSaidAgain(found, claims)) {
      assertOpen(found.state, now);
      await this.assertLanded(found);
    }
    // Only now the lock: the object store may have taken its time.
    const held = await store.holdSubmission(tx, params.submission);
    assertOwn(held, call.caller);
    const completed = isSaidAgain(held, claims) ? held : await completeSubmission(tx, held, body, now);
    return submissionView(await showOne(tx, completed));
  }

  private async own(
    tx: Tx,
    { params, caller }: Pick<Call<'submissions.complete'>, 'params' | 'caller'>,
  ): Promise<StoredSubmission> {
    const found = await store.findSubmission(tx, params.submission);
    assertOwn(found, caller);
    return found;
  }

  private async assertLanded({ files }: StoredSubmission): Promise<void> {
    const faults = await Promise.all(
      files.map(async file => {
        const fault = faultOfParts(file, await this.landed(file));
        return fault === undefined ? [] : [files.length > 1 ? `${file.file}: ${fault}` : fault];
      }),
    );
    if (faults.flat().length > 0) throw new DomainError('upload/parts', { detail: faults.flat().join('; ') });
  }

  private landed = async ({ key, uploadId }: StoredFile): Promise<LandedPart[]> =>
    (await this.files.landedParts(key, uploadId)) ?? [];

  /** The multipart upload is started when its first URL is asked for. */
  private async started({ submission }: StoredSubmission, { file, key }: StoredFile): Promise<OpenUpload> {
    let named: StoredSubmission | undefined;
    await this.files.startUpload(key, async uploadId => {
      crashPoint('submission.upload-started');
      named = await nameUpload(this.database.read, submission, file, uploadId);
      return { uploadId: fileOf(named, file)?.uploadId ?? null };
    });
    if (!named) throw new Error(`the upload of ${submission} was not named`);
    return openUpload(named, file, this.clock());
  }
}

function openUpload(found: StoredSubmission, name: FileName, now: Date): OpenUpload {
  const { state } = found;
  assertOpen(state, now);
  const file = fileOf(found, name);
  if (!file) throw new DomainError('resource/not-found', { detail: `This submission has no ${name} file` });
  return { of: { ...found, state }, file };
}
