import { Redis } from 'ioredis';
import { Client } from 'minio';
import { expect, it } from 'vitest';
import { testBuckets } from './buckets.js';
import { testChain } from './chain.js';
import { testRedis } from './redis.js';

it('gives every caller a prefix of its own on one Redis', async () => {
  const [first, second] = await Promise.all([testRedis(), testRedis()]);
  expect(first.url).toBe(second.url);
  expect(first.prefix).not.toBe(second.prefix);
  const redis = new Redis(first.url);
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
});

it('gives every caller a fresh bucket beside those of the arena', async () => {
  const { endpoint, bucket, accessKey, secretKey, region } = await testBuckets();
  const { hostname, port } = new URL(endpoint);
  const s3 = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
  const names = (await s3.listBuckets()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['audit', 'blind', 'datasets', 'evidence', 'quarantine', bucket]));
  expect((await testBuckets()).bucket).not.toBe(bucket);
});

it('gives every caller a chain of its own', async () => {
  const [first, second] = await Promise.all([testChain(), testChain()]);
  const ask = async (url: string, method: string, params: unknown[] = []) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ((await answer.json()) as { result: unknown }).result;
  };
  await ask(first.url, 'anvil_mine', ['0x5']);
  expect(await ask(first.url, 'eth_blockNumber')).toBe('0x5');
  expect(await ask(second.url, 'eth_blockNumber')).toBe('0x0');
  await Promise.all([first.stop(), second.stop()]);
});
