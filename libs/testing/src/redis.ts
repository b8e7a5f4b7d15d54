import { randomBytes } from 'node:crypto';
import { addressOf } from './addresses.js';

/** The run's one Redis, and a prefix of one's own for keys and queues. */
export async function testRedis(): Promise<{ url: string; prefix: string }> {
  const { url } = await addressOf('redis');
  return { url, prefix: `test-${randomBytes(6).toString('hex')}` };
}
