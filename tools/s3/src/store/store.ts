/**
 * The folder:
 *   tmp/                          whatever is half made; emptied at start
 *   data/<uuid>                   bytes, never changed
 *   buckets/<name>/bucket.json
 *   buckets/<name>/objects/<sha256 of key>.json
 *   buckets/<name>/uploads/<id>/{upload,1,2,…}.json
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { noSuchBucket, S3Error } from '../core/errors.js';
import { compareUtf8 } from '../core/order.js';
import { Blobs } from './blobs.js';
import { Bucket } from './bucket.js';
import { Files } from './files.js';
import { recover } from './recover.js';
import type { StoredBucket } from './records.js';
import { Turns } from './turns.js';

export class Store {
  private readonly turns = new Turns();

  private constructor(
    private readonly folder: string,
    private readonly files: Files,
    readonly blobs: Blobs,
    private readonly byName: Map<string, Bucket>,
  ) {}

  static async open(folder: string): Promise<Store> {
    for (const part of ['tmp', 'data', 'buckets']) await mkdir(join(folder, part), { recursive: true });
    const files = new Files(join(folder, 'tmp'));
    const blobs = new Blobs(join(folder, 'data'));
    return new Store(folder, files, blobs, await recover(folder, files, blobs));
  }

  buckets(): Bucket[] {
    return [...this.byName.values()].sort((a, b) => compareUtf8(a.name, b.name));
  }

  find(name: string): Bucket | undefined {
    return this.byName.get(name);
  }

  bucket(name: string): Bucket {
    const found = this.byName.get(name);
    if (!found) throw noSuchBucket(name);
    return found;
  }

  async createBucket(name: string, now: Date): Promise<void> {
    await this.turns.run(name, async () => {
      if (this.byName.has(name)) {
        const message = 'Your previous request to create the named bucket succeeded and you already own it.';
        throw new S3Error('BucketAlreadyOwnedByYou', message, { fields: { BucketName: name } });
      }
      const record: StoredBucket = { name, created: now.toISOString(), cors: [] };
      const path = join(this.folder, 'buckets', name);
      await this.files.createFolder(path, 'bucket.json', record, ['objects', 'uploads']);
      this.byName.set(name, new Bucket(path, record, this.files, this.blobs));
    });
  }

  async deleteBucket(name: string): Promise<void> {
    await this.turns.run(name, async () => {
      await this.bucket(name).remove();
      this.byName.delete(name);
    });
  }
}
