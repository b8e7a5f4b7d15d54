import { nameOf, type Caller } from '@arena/auth';
import { crashPoint } from '@arena/db';
import { Handles, type Call, type HandlerAnswer } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { countParts, faultOfParts, partSizeFor, partsToSign, type LandedPart } from '@arena/uploads';
import { Controller, Inject } from '@nestjs/common';
import { assertSeesDataset, assertSeesVersion } from '../core/dataset-sight.js';
import { abandon, assertOpen, begin, complete, type VersionState } from '../core/dataset-version.js';
import type { Env } from '../env.js';
import { DATASET_FILES, type DatasetFiles } from '../files/dataset-files.js';
import { recordAudit } from '../store/audit.js';
import type { TaskDatabase, Tx } from '../store/database.js';
import { nameUpload } from '../store/dataset-uploads.js';
import * as store from '../store/datasets.js';
import type { StoredVersion, VersionRef } from '../store/datasets.js';
import { uploadView, versionView } from './dataset-view.js';

type Uploading = StoredVersion & { uploadKey: string };

/** All of it is the admins': the route table says so. */
@Controller()
export class DatasetUploadController {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(DATASET_FILES) private readonly files: DatasetFiles,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('datasets.versions.begin')
  async begin(call: Call<'datasets.versions.begin', Tx>): Promise<HandlerAnswer<'datasets.versions.begin'>> {
    const { params, body, caller, tx } = call;
    const now = this.clock();
    assertSeesDataset(true, await store.findDataset(tx, params.dataset));
    const { filename, format, size } = body;
    const begun = await store.createVersion(tx, params.dataset, {
      ...{ filename, format, size },
      partSize: partSizeFor(size, body.partSize),
      uploadKey: this.files.newKey(),
      createdAt: now,
      state: begin(now, this.env.UPLOAD_SECONDS),
    });
    await this.record(tx, caller, now, 'dataset.begin', begun, begun.state, { filename, format, size });
    return uploadView(begun);
  }

  @Handles('datasets.versions.parts.urls')
  async partUrls(call: Call<'datasets.versions.parts.urls'>): Promise<HandlerAnswer<'datasets.versions.parts.urls'>> {
    const now = this.clock();
    const found = await this.open(this.database.read, call.params, now);
    const parts = partsToSign(found, call.body.numbers);
    const upload = await this.started(found);
    assertOpen(upload.state, now);
    const { deadline } = upload.state;
    const until = { now, deadline, seconds: this.env.URL_SECONDS };
    return this.files.partUrls(found.uploadKey, upload.uploadId, parts, until);
  }

  @Handles('datasets.versions.parts.list')
  async parts(call: Call<'datasets.versions.parts.list'>): Promise<HandlerAnswer<'datasets.versions.parts.list'>> {
    const found = await this.open(this.database.read, call.params, this.clock());
    return { partSize: found.partSize, parts: countParts(found), landed: await this.landed(found) };
  }

  @Handles('datasets.versions.complete')
  async complete(call: Call<'datasets.versions.complete', Tx>): Promise<HandlerAnswer<'datasets.versions.complete'>> {
    const { params, body, caller, tx } = call;
    const now = this.clock();
    const found = await store.findVersion(tx, params);
    assertSeesVersion(true, found);
    if (complete(found.state, body.sha256, now) !== found.state) {
      const fault = faultOfParts(found, await this.landed(found as Uploading));
      if (fault !== undefined) throw new DomainError('upload/parts', { detail: fault });
    }
    // Only now the lock: the object store may have taken its time.
    const held = await store.holdVersion(tx, params);
    assertSeesVersion(true, held);
    const state = complete(held.state, body.sha256, now);
    if (state === held.state) return versionView(held);
    await store.saveVersionState(tx, held, state);
    await this.record(tx, caller, now, 'dataset.complete', held, state, { sha256: body.sha256 });
    return versionView({ ...held, state });
  }

  @Handles('datasets.versions.abandon')
  async abandon({
    params,
    caller,
  }: Call<'datasets.versions.abandon'>): Promise<HandlerAnswer<'datasets.versions.abandon'>> {
    const now = this.clock();
    return this.database.transaction(async tx => {
      const held = await store.holdVersion(tx, params);
      assertSeesVersion(true, held);
      const state = abandon(held.state);
      if (state === held.state) return versionView(held);
      await store.saveVersionState(tx, held, state);
      await this.record(tx, caller, now, 'dataset.abandon', held, state);
      return versionView({ ...held, state });
    });
  }

  private async open(tx: Tx, ref: VersionRef, now: Date): Promise<Uploading> {
    const found = await store.findVersion(tx, ref);
    assertSeesVersion(true, found);
    assertOpen(found.state, now);
    return found as Uploading;
  }

  private landed = async ({ uploadKey, uploadId }: Uploading): Promise<LandedPart[]> =>
    (await this.files.landedParts(uploadKey, uploadId)) ?? [];

  /** The multipart upload is started when its first URL is asked for. */
  private async started(found: Uploading): Promise<Uploading & { uploadId: string }> {
    if (found.uploadId !== null) return found as Uploading & { uploadId: string };
    const named = await this.files.startUpload(found.uploadKey, uploadId => {
      crashPoint('dataset.upload-started');
      return nameUpload(this.database.read, found, uploadId);
    });
    assertOpen(named.state, this.clock());
    return named as Uploading & { uploadId: string };
  }

  private record(
    tx: Tx,
    caller: Caller,
    at: Date,
    action: string,
    { dataset, version }: VersionRef,
    { state }: VersionState,
    more: object = {},
  ): Promise<void> {
    const subject = `dataset:${dataset}/${version}`;
    return recordAudit(tx, { at, actor: nameOf(caller), action, subject, after: { state, ...more } });
  }
}
