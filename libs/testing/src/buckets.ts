import { randomBytes } from 'node:crypto';
import { createBuckets, type S3Address } from '@arena/servers';
import { addressOf } from './addresses.js';

/** The run's one S3, in which the arena's five buckets exist, and a fresh bucket of one's own. */
export async function testBuckets(): Promise<S3Address & { bucket: string }> {
  const address = await addressOf('s3');
  const bucket = `test-${randomBytes(6).toString('hex')}`;
  await createBuckets(address, [bucket]);
  return { ...address, bucket };
}
