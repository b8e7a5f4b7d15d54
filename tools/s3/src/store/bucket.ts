import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertWritable, type Conditions } from '../core/conditions.js';
import { noSuchBucket, noSuchKey, S3Error } from '../core/errors.js';
import { SortedKeys } from '../core/order.js';
import type { Blobs } from './blobs.js';
import { syncFolder, type Files } from './files.js';
import type { CorsRule, Segment, StoredBucket, StoredObject, Upload } from './records.js';
import { Turns } from './turns.js';

/** A key may hold anything and be long; its file name is a digest, and the record inside says the key. */
const fileOf = (key: string) => `${createHash('sha256').update(key).digest('hex')}.json`;

/** One bucket: its records on disk and the same in memory, changed in that order. */
export class Bucket {
  readonly objects = new Map<string, StoredObject>();
  keys = new SortedKeys();
  readonly uploads = new Map<string, Upload>();
  readonly turns = new Turns();
  /** Changes under way: a bucket with some is not empty, whatever its index says. */
  changing = 0;
  removed = false;

  constructor(
    readonly folder: string,
    private record: StoredBucket,
    readonly files: Files,
    readonly blobs: Blobs,
  ) {}

  get name(): string {
    return this.record.name;
  }

  get created(): string {
    return this.record.created;
  }

  get cors(): readonly CorsRule[] {
    return this.record.cors;
  }

  async setCors(cors: readonly CorsRule[]): Promise<void> {
    await this.change('cors', async () => {
      const record = { ...this.record, cors };
      await this.files.write(join(this.folder, 'bucket.json'), record);
      this.record = record;
    });
  }

  object(key: string): StoredObject {
    const found = this.objects.get(key);
    if (!found) throw noSuchKey(key);
    return found;
  }

  async change<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    this.changing += 1;
    try {
      return await this.turns.run(what, () => {
        if (this.removed) throw noSuchBucket(this.name);
        return work();
      });
    } finally {
      this.changing -= 1;
    }
  }

  /**
   * The object owns its data files from here on; when this throws, they are still the caller's.
   * `settle` runs once the object is there and before anyone else can touch the key; it names
   * further data that nothing needs any more.
   */
  async put(object: StoredObject, conditions: Conditions, settle?: () => Promise<readonly Segment[]>): Promise<void> {
    await this.change(`object ${object.key}`, async () => {
      const before = this.objects.get(object.key);
      assertWritable(conditions, object.key, before);
      await this.files.write(join(this.folder, 'objects', fileOf(object.key)), object);
      this.objects.set(object.key, object);
      if (!before) this.keys.add(object.key);
      const unneeded = [...(before?.segments ?? []), ...((await settle?.()) ?? [])];
      const needed = new Set(object.segments.map(segment => segment.id));
      await this.blobs.remove(unneeded.filter(segment => !needed.has(segment.id)));
    });
  }

  async delete(key: string, conditions: Conditions): Promise<void> {
    await this.change(`object ${key}`, async () => {
      const before = this.objects.get(key);
      if (conditions.ifMatch !== undefined) assertWritable({ ifMatch: conditions.ifMatch }, key, before);
      if (!before) return;
      await rm(join(this.folder, 'objects', fileOf(key)), { force: true });
      await syncFolder(join(this.folder, 'objects'));
      this.objects.delete(key);
      this.keys.remove(key);
      await this.blobs.remove(before.segments);
    });
  }

  async remove(): Promise<void> {
    if (this.objects.size > 0) {
      throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
    }
    if (this.changing > 0) {
      throw new S3Error('OperationAborted', 'A conflicting operation is in progress against this bucket. Try again.');
    }
    this.removed = true;
    try {
      await this.files.removeFolder(this.folder);
    } catch (error) {
      this.removed = false;
      throw error;
    }
    for (const upload of this.uploads.values()) {
      await this.blobs.remove([...upload.parts.values()].map(part => part.segment));
    }
  }
}
