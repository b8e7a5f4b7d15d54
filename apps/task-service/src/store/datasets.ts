import type { DatasetId } from '@arena/contracts';
import { send, uuidV7 } from '@arena/db';
import type { DatasetPurpose } from '../core/dataset-sight.js';
import type { In, VersionState } from '../core/dataset-version.js';
import type { Tx } from './database.js';
import { fromRow, toColumns, type StoredVersion, type VersionRef } from './dataset-rows.js';
import type { Dataset as DatasetRow } from './generated/client.js';

export type { StoredVersion, VersionRef };

export interface StoredDataset extends Omit<DatasetRow, 'dataset' | 'purpose'> {
  dataset: DatasetId;
  purpose: DatasetPurpose;
}

export interface NewDataset {
  name: string;
  description: string;
  purpose: DatasetPurpose;
  createdAt: Date;
}

export async function createDataset(tx: Tx, data: NewDataset): Promise<StoredDataset> {
  const dataset = uuidV7() as DatasetId;
  const { name, description, purpose, createdAt } = data;
  await send(tx, 'INSERT INTO datasets (dataset, name, description, purpose, created_at) VALUES ($1, $2, $3, $4, $5)', [
    dataset,
    name,
    description,
    purpose,
    createdAt,
  ]);
  return { ...data, dataset, latest: null, lastVersion: 0 };
}

export const findDataset = async (tx: Tx, dataset: string): Promise<StoredDataset | undefined> =>
  ((await tx.prisma.dataset.findUnique({ where: { dataset } })) as StoredDataset | null) ?? undefined;

export interface DatasetQuery {
  purposes: readonly DatasetPurpose[];
  limit: number;
  before: { createdAt: string; dataset: string } | undefined;
}

/** Newest first, one more than `limit`. */
export async function listDatasets(tx: Tx, { purposes, limit, before }: DatasetQuery): Promise<StoredDataset[]> {
  const earlier = before && {
    OR: [{ createdAt: { lt: before.createdAt } }, { createdAt: before.createdAt, dataset: { lt: before.dataset } }],
  };
  const rows = await tx.prisma.dataset.findMany({
    where: { purpose: { in: [...purposes] }, ...earlier },
    orderBy: [{ createdAt: 'desc' }, { dataset: 'desc' }],
    take: limit + 1,
  });
  return rows as StoredDataset[];
}

export interface NewVersion extends Pick<StoredVersion, 'filename' | 'format' | 'size' | 'partSize' | 'createdAt'> {
  uploadKey: string;
  state: In<'uploading'>;
}

/** Raising the number locks the dataset, so that versions are numbered one by one. */
export async function createVersion(tx: Tx, dataset: string, fresh: NewVersion): Promise<StoredVersion> {
  const { lastVersion: version } = await tx.prisma.dataset.update({
    where: { dataset },
    data: { lastVersion: { increment: 1 } },
  });
  const { state, size, ...rest } = fresh;
  const data = { dataset, version, ...rest, size: BigInt(size), ...toColumns(state) };
  return fromRow(await tx.prisma.datasetVersion.create({ data, include: { of: true } }));
}

export async function findVersion(tx: Tx, { dataset, version }: VersionRef): Promise<StoredVersion | undefined> {
  const row = await tx.prisma.datasetVersion.findUnique({
    where: { dataset_version: { dataset, version } },
    include: { of: true },
  });
  return row ? fromRow(row) : undefined;
}

/** Locked until the transaction ends. */
export async function holdVersion(tx: Tx, ref: VersionRef): Promise<StoredVersion | undefined> {
  await tx.query('SELECT 1 FROM dataset_versions WHERE dataset = $1::uuid AND version = $2::int FOR UPDATE', [
    ref.dataset,
    ref.version,
  ]);
  return findVersion(tx, ref);
}

export interface VersionQuery {
  dataset: string;
  states: readonly VersionState['state'][];
  limit: number;
  before: number | undefined;
}

/** Newest first, one more than `limit`. */
export async function listVersions(tx: Tx, { dataset, states, limit, before }: VersionQuery): Promise<StoredVersion[]> {
  const rows = await tx.prisma.datasetVersion.findMany({
    where: { dataset, state: { in: [...states] }, ...(before === undefined ? {} : { version: { lt: before } }) },
    orderBy: { version: 'desc' },
    take: limit + 1,
    include: { of: true },
  });
  return rows.map(fromRow);
}

export async function saveVersionState(tx: Tx, { dataset, version }: VersionRef, state: VersionState): Promise<void> {
  await tx.prisma.datasetVersion.update({ where: { dataset_version: { dataset, version } }, data: toColumns(state) });
}

export interface ReadyDatasetVersion extends VersionRef {
  purpose: DatasetPurpose;
  sha256: string;
  size: number;
  format: StoredVersion['format'];
  /** Of the object in the bucket of datasets. It goes into assignments, never into an answer of this service. */
  key: string;
}

/** Those of the named versions that exist and are ready; what is ready stays so for ever. */
export async function findReadyVersions(tx: Tx, refs: readonly VersionRef[]): Promise<ReadyDatasetVersion[]> {
  if (refs.length === 0) return [];
  const rows = await tx.prisma.datasetVersion.findMany({
    where: { state: 'ready', OR: refs.map(({ dataset, version }) => ({ dataset, version })) },
    include: { of: true },
  });
  return rows.map(row => {
    const { dataset, version, purpose, size, format, state } = fromRow(row);
    const { sha256, key } = state as In<'ready'>;
    return { dataset, version, purpose, sha256, size, format, key };
  });
}
