import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { plainEtag, type Conditions } from '../core/conditions.js';
import { noSuchUpload, S3Error } from '../core/errors.js';
import type { Bucket } from './bucket.js';
import type { ObjectHeaders, StoredObject, StoredPart, StoredUpload, Upload } from './records.js';

export interface ListedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: StoredPart['checksums'];
}

const smallestPart = 5 * 1024 * 1024;

const folderOf = (bucket: Bucket, id: string) => join(bucket.folder, 'uploads', id);

export function uploadOf(bucket: Bucket, key: string, id: string): Upload {
  const upload = bucket.uploads.get(id);
  if (!upload || upload.key !== key) throw noSuchUpload();
  return upload;
}

export async function createUpload(bucket: Bucket, key: string, headers: ObjectHeaders, now: Date): Promise<string> {
  const record: StoredUpload = { id: randomUUID(), key, initiated: now.toISOString(), headers };
  await bucket.change(`upload ${record.id}`, async () => {
    await bucket.files.createFolder(folderOf(bucket, record.id), 'upload.json', record);
    bucket.uploads.set(record.id, { ...record, parts: new Map() });
  });
  return record.id;
}

/** Takes over the part's data file; when it throws, the file is gone. */
export async function putPart(bucket: Bucket, key: string, id: string, part: StoredPart): Promise<void> {
  try {
    await bucket.change(`upload ${id}`, async () => {
      const upload = uploadOf(bucket, key, id);
      const before = upload.parts.get(part.number);
      await bucket.files.write(join(folderOf(bucket, id), `${part.number}.json`), part);
      upload.parts.set(part.number, part);
      if (before) await bucket.blobs.remove([before.segment]);
    });
  } catch (error) {
    await bucket.blobs.remove([part.segment]);
    throw error;
  }
}

function chosenParts(upload: Upload, listed: readonly ListedPart[]): StoredPart[] {
  return listed.map((wanted, at) => {
    if (at > 0 && wanted.number <= (listed[at - 1]?.number ?? 0)) {
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    const part = upload.parts.get(wanted.number);
    const sums = Object.entries(wanted.checksums);
    const same = part && plainEtag(wanted.etag) === part.etag;
    if (!same || sums.some(([name, value]) => (part.checksums as Record<string, string>)[name] !== value)) {
      throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.', {
        fields: { UploadId: upload.id, PartNumber: wanted.number },
      });
    }
    return part;
  });
}

function assertLargeEnough(parts: readonly StoredPart[]): void {
  const small = parts.slice(0, -1).find(part => part.segment.size < smallestPart);
  if (!small) return;
  throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.', {
    fields: { ProposedSize: small.segment.size, MinSizeAllowed: smallestPart, PartNumber: small.number },
  });
}

function joined(upload: Upload, parts: readonly StoredPart[], now: Date): StoredObject {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  return {
    key: upload.key,
    etag: `${md5.digest('hex')}-${parts.length}`,
    size: parts.reduce((sum, part) => sum + part.segment.size, 0),
    modified: now.toISOString(),
    headers: upload.headers,
    checksums: {},
    segments: parts.map(part => part.segment),
    uploadId: upload.id,
  };
}

/** No byte is copied: the object names the files of its parts. */
export async function completeUpload(
  bucket: Bucket,
  key: string,
  id: string,
  listed: readonly ListedPart[],
  conditions: Conditions,
  now: Date,
): Promise<StoredObject> {
  return bucket.change(`upload ${id}`, async () => {
    const upload = uploadOf(bucket, key, id);
    const parts = chosenParts(upload, listed);
    assertLargeEnough(parts);
    const object = joined(upload, parts, now);
    // Within the turn of the key: were the object replaced before its upload is gone, a restart would
    // take the upload for a live one whose data has been removed.
    await bucket.put(object, conditions, async () => {
      await bucket.files.removeFolder(folderOf(bucket, id));
      bucket.uploads.delete(id);
      return [...upload.parts.values()].map(part => part.segment);
    });
    return object;
  });
}

export async function abortUpload(bucket: Bucket, key: string, id: string): Promise<void> {
  await bucket.change(`upload ${id}`, async () => {
    const upload = uploadOf(bucket, key, id);
    await bucket.files.removeFolder(folderOf(bucket, id));
    bucket.uploads.delete(id);
    await bucket.blobs.remove([...upload.parts.values()].map(part => part.segment));
  });
}
