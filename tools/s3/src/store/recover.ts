import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SortedKeys } from '../core/order.js';
import type { Blobs } from './blobs.js';
import { Bucket } from './bucket.js';
import { readRecord, type Files } from './files.js';
import type { StoredBucket, StoredObject, StoredPart, StoredUpload } from './records.js';

const batch = 64;

async function readAll<Record>(
  folder: string,
  names: readonly string[],
  take: (record: Record) => void,
): Promise<void> {
  for (let at = 0; at < names.length; at += batch) {
    const some = names.slice(at, at + batch);
    const records = await Promise.all(some.map(name => readRecord<Record>(join(folder, name))));
    records.forEach(take);
  }
}

async function readUploads(bucket: Bucket): Promise<void> {
  const done = new Set([...bucket.objects.values()].map(object => object.uploadId));
  const folder = join(bucket.folder, 'uploads');
  for (const id of await readdir(folder)) {
    if (done.has(id)) {
      await rm(join(folder, id), { recursive: true });
      continue;
    }
    const upload = { ...(await readRecord<StoredUpload>(join(folder, id, 'upload.json'))), parts: new Map() };
    const names = (await readdir(join(folder, id))).filter(name => name !== 'upload.json');
    await readAll<StoredPart>(join(folder, id), names, part => upload.parts.set(part.number, part));
    bucket.uploads.set(id, upload);
  }
}

/** Rebuilds the index from the records and removes what no record names: the leftovers of a crash. */
export async function recover(folder: string, files: Files, blobs: Blobs): Promise<Map<string, Bucket>> {
  await rm(join(folder, 'tmp'), { recursive: true, force: true });
  await mkdir(join(folder, 'tmp'));
  const buckets = new Map<string, Bucket>();
  const referenced = new Set<string>();
  for (const name of await readdir(join(folder, 'buckets'))) {
    const path = join(folder, 'buckets', name);
    const bucket = new Bucket(path, await readRecord<StoredBucket>(join(path, 'bucket.json')), files, blobs);
    await readAll<StoredObject>(join(path, 'objects'), await readdir(join(path, 'objects')), object => {
      bucket.objects.set(object.key, object);
    });
    bucket.keys = new SortedKeys(bucket.objects.keys());
    await readUploads(bucket);
    for (const object of bucket.objects.values()) for (const { id } of object.segments) referenced.add(id);
    for (const upload of bucket.uploads.values())
      for (const part of upload.parts.values()) referenced.add(part.segment.id);
    buckets.set(name, bucket);
  }
  await blobs.keepOnly(referenced);
  return buckets;
}
