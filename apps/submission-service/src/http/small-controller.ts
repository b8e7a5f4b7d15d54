import { createHash } from 'node:crypto';
import { Sha256 } from '@arena/contracts';
import { crashPoint } from '@arena/db';
import { Handles, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, type Clock } from '@arena/service';
import { partSizeFor } from '@arena/uploads';
import { Controller, Inject } from '@nestjs/common';
import { begin } from '../core/submission.js';
import { ORIGINAL_FILES, type OriginalFiles } from '../files/original-files.js';
import type { Tx } from '../store/database.js';
import { reserveQuota } from '../store/quota.js';
import { showOne } from '../store/submission-reads.js';
import { createSubmission } from '../store/submissions.js';
import { admit, expectAdmission } from './admission.js';
import { completeSubmission } from './completion.js';
import { submissionView } from './submission-view.js';
import { trainerOf } from './trainer.js';

/** All of an upload in one call. Afterwards nobody can tell that it was no other. */
@Controller()
export class SmallController {
  constructor(
    @Inject(ORIGINAL_FILES) private readonly files: OriginalFiles,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('submissions.small')
  async submit(call: Call<'submissions.small', Tx>): Promise<HandlerAnswer<'submissions.small'>> {
    const { query, body, caller, tx } = call;
    const { task, filename, supersedes, salt } = query;
    const trainer = trainerOf(caller);
    const size = body.byteLength;
    const sha256 = digestOf(body, query.sha256);
    const wanted = { task, trainer, size, supersedes };
    await expectAdmission(tx, wanted, this.clock());

    // Before the locks, for the object store may take its time. What lies there when this transaction comes to nothing
    // is swept up later.
    const key = this.files.newKey();
    await this.files.put(key, body);
    crashPoint('submission.small-put');

    const { now } = await admit(tx, wanted, this.clock);
    const begun = await createSubmission(tx, {
      ...{ task, trainer, supersedes: supersedes ?? null },
      createdAt: now,
      // Over before anybody can look at it.
      state: begin(new Date(now.getTime() + 1)),
      files: [{ file: 'model', filename, size, partSize: partSizeFor(size), key }],
    });
    await reserveQuota(tx, { submission: begun.submission, task, account: trainer, at: now });
    return submissionView(await showOne(tx, await completeSubmission(tx, begun, { sha256, salt }, now)));
  }
}

function digestOf(body: Uint8Array, said: string | undefined): Sha256 {
  if (body.byteLength === 0)
    throw new DomainError('request/invalid', { errors: [{ pointer: '', detail: 'The body is empty' }] });
  const sha256 = Sha256.parse(createHash('sha256').update(body).digest('hex'));
  if (said !== undefined && said !== sha256)
    throw new DomainError('upload/sha256', { detail: `The body hashes to ${sha256}` });
  return sha256;
}
