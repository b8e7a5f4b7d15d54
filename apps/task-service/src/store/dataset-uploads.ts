// The work on uploads that goes on without a request: verifying, giving up, clearing away.
import type { DatasetPurpose } from '../core/dataset-sight.js';
import type { In } from '../core/dataset-version.js';
import type { Tx } from './database.js';
import { fromRow, type StoredVersion, type VersionRef } from './dataset-rows.js';
import { findVersion } from './datasets.js';

/** Names the multipart upload of a version, unless another has named one first: the answer is the one that counts. */
export async function nameUpload(tx: Tx, { dataset, version }: VersionRef, uploadId: string): Promise<StoredVersion> {
  await tx.prisma.datasetVersion.updateMany({
    where: { dataset, version, state: 'uploading', uploadId: null },
    data: { uploadId },
  });
  const named = await findVersion(tx, { dataset, version });
  if (!named) throw new Error(`version ${version} of dataset ${dataset} is gone`);
  return named;
}

export type UnverifiedVersion = StoredVersion & { state: In<'verifying'>; uploadKey: string };

/**
 * Takes up one version to verify. Nobody else does so for `leaseMs`, by the database's clock, which all instances
 * share; a verifier that lives goes on postponing that moment, one that was killed does not.
 */
export async function takeUnverified(tx: Tx, leaseMs: number): Promise<UnverifiedVersion | undefined> {
  const [taken] = await tx.query<{ dataset: string; version: number }>(
    `UPDATE dataset_versions SET verify_at = now() + $1::int * interval '1 millisecond'
     WHERE (dataset, version) = (
       SELECT dataset, version FROM dataset_versions WHERE state = 'verifying' AND verify_at <= now()
       ORDER BY verify_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING dataset, version`,
    [leaseMs],
  );
  const version = taken && (await findVersion(tx, taken));
  return version && isUnverified(version) ? version : undefined;
}

const isUnverified = (version: StoredVersion): version is UnverifiedVersion =>
  version.state.state === 'verifying' && version.uploadKey !== null;

export const postponeVerifying = (tx: Tx, { dataset, version }: VersionRef, ms: number) =>
  tx.query(
    `UPDATE dataset_versions SET verify_at = now() + $3::int * interval '1 millisecond'
     WHERE dataset = $1::uuid AND version = $2::int AND state = 'verifying'`,
    [dataset, version, ms],
  );

/** What the ready versions with these bytes are for. Until the transaction ends, no other becomes ready with them. */
export async function purposesOfBytes(tx: Tx, sha256: string): Promise<DatasetPurpose[]> {
  await tx.query(`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('dataset ' || $1, 0))`, [sha256]);
  const rows = await tx.prisma.dataset.findMany({
    where: { versions: { some: { sha256, state: 'ready' } } },
    select: { purpose: true },
  });
  return rows.map(({ purpose }) => purpose as DatasetPurpose);
}

/** Versions may become ready in any order; the newest one counts. */
export const raiseLatest = (tx: Tx, { dataset, version }: VersionRef) =>
  tx.query('UPDATE datasets SET latest = $2::int WHERE dataset = $1::uuid AND coalesce(latest, 0) < $2::int', [
    dataset,
    version,
  ]);

/** Uploads whose time is over, locked; those that another instance has in hand are left to it. */
export async function holdOverdueUploads(tx: Tx, now: Date, limit: number): Promise<StoredVersion[]> {
  const refs = await tx.query<{ dataset: string; version: number }>(
    `SELECT dataset, version FROM dataset_versions WHERE state = 'uploading' AND deadline <= $1::timestamptz
     ORDER BY deadline LIMIT $2::int FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  const found = await Promise.all(refs.map(ref => findVersion(tx, ref)));
  return found.filter(version => version !== undefined);
}

/** Finished versions of whose upload something may still lie in the object store. */
export async function listLeftovers(tx: Tx, limit: number): Promise<{ ref: VersionRef; uploadKey: string }[]> {
  const rows = await tx.prisma.datasetVersion.findMany({
    where: { state: { in: ['ready', 'failed', 'abandoned'] }, uploadKey: { not: null } },
    take: limit,
    include: { of: true },
  });
  return rows.map(fromRow).flatMap(({ dataset, version, uploadKey }) => {
    return uploadKey === null ? [] : [{ ref: { dataset, version }, uploadKey }];
  });
}

export async function forgetUpload(tx: Tx, { dataset, version }: VersionRef): Promise<void> {
  await tx.prisma.datasetVersion.update({
    where: { dataset_version: { dataset, version } },
    data: { uploadKey: null, uploadId: null },
  });
}

/** Which of these multipart uploads a version still counts on. */
export async function uploadsInUse(tx: Tx, uploadIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.prisma.datasetVersion.findMany({
    where: { uploadId: { in: [...uploadIds] }, state: { in: ['uploading', 'verifying'] } },
    select: { uploadId: true },
  });
  return new Set(rows.flatMap(({ uploadId }) => uploadId ?? []));
}
