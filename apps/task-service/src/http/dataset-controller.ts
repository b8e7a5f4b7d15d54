import { actsAsAdmin, nameOf } from '@arena/auth';
import { Instant } from '@arena/contracts';
import { decodeCursor, Handles, toPage, type Call, type HandlerAnswer } from '@arena/http';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import {
  assertDownloadable,
  assertSeesDataset,
  assertSeesVersion,
  purposesSeen,
  statesSeen,
} from '../core/dataset-sight.js';
import type { Env } from '../env.js';
import { DATASET_FILES, type DatasetFiles } from '../files/dataset-files.js';
import { recordAudit } from '../store/audit.js';
import type { TaskDatabase, Tx } from '../store/database.js';
import { createDataset, findDataset, findVersion, listDatasets, listVersions } from '../store/datasets.js';
import { datasetView, versionView } from './dataset-view.js';

const DatasetCursor = z.object({ createdAt: Instant, dataset: z.guid() });
const VersionCursor = z.int().min(1).max(2_147_483_647);

@Controller()
export class DatasetController {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(DATASET_FILES) private readonly files: DatasetFiles,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles('datasets.list')
  async list({ query, caller }: Call<'datasets.list'>): Promise<HandlerAnswer<'datasets.list'>> {
    const { limit, cursor, purpose } = query;
    const rows = await listDatasets(this.database.read, {
      purposes: purposesSeen(actsAsAdmin(caller)).filter(seen => purpose === undefined || seen === purpose),
      limit,
      before: decodeCursor(DatasetCursor, cursor),
    });
    const keyOf = (row: (typeof rows)[number]) => ({ createdAt: row.createdAt, dataset: row.dataset });
    return toPage(rows, limit, keyOf, datasetView);
  }

  @Handles('datasets.get')
  async get({ params, caller }: Call<'datasets.get'>): Promise<HandlerAnswer<'datasets.get'>> {
    const found = await findDataset(this.database.read, params.dataset);
    assertSeesDataset(actsAsAdmin(caller), found);
    return datasetView(found);
  }

  @Handles('datasets.create')
  async create({ body, caller, tx }: Call<'datasets.create', Tx>): Promise<HandlerAnswer<'datasets.create'>> {
    const now = this.clock();
    const created = await createDataset(tx, { ...body, createdAt: now });
    const subject = `dataset:${created.dataset}`;
    await recordAudit(tx, { at: now, actor: nameOf(caller), action: 'dataset.create', subject, after: body });
    return datasetView(created);
  }

  @Handles('datasets.versions.list')
  async versions(call: Call<'datasets.versions.list'>): Promise<HandlerAnswer<'datasets.versions.list'>> {
    const { limit, cursor, state } = call.query;
    const { dataset } = call.params;
    const admin = actsAsAdmin(call.caller);
    assertSeesDataset(admin, await findDataset(this.database.read, dataset));
    const rows = await listVersions(this.database.read, {
      dataset,
      states: statesSeen(admin).filter(seen => state === undefined || seen === state),
      limit,
      before: decodeCursor(VersionCursor, cursor),
    });
    return toPage(rows, limit, row => row.version, versionView);
  }

  @Handles('datasets.versions.get')
  async version({ params, caller }: Call<'datasets.versions.get'>): Promise<HandlerAnswer<'datasets.versions.get'>> {
    const found = await findVersion(this.database.read, params);
    assertSeesVersion(actsAsAdmin(caller), found);
    return versionView(found);
  }

  @Handles('datasets.versions.download')
  async download(call: Call<'datasets.versions.download'>): Promise<HandlerAnswer<'datasets.versions.download'>> {
    const found = await findVersion(this.database.read, call.params);
    assertSeesVersion(actsAsAdmin(call.caller), found);
    assertDownloadable(found);
    const { filename, size, state } = found;
    const expiresAt = new Date(this.clock().getTime() + this.env.URL_SECONDS * 1_000).toISOString();
    const url = await this.files.downloadUrl(state.key, filename, this.env.URL_SECONDS);
    return { url, expiresAt, filename, size, sha256: state.sha256 };
  }
}
