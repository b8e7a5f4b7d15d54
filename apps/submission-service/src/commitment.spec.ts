import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { commitmentTo } from './commitment.js';

const sha256 = 'ab'.repeat(32);
const wallet = `0x${'cd'.repeat(20)}`;
const salt = 'ef'.repeat(32);

it('is the hash of the domain, the 32 bytes of the digest, the 20 of the wallet and the 32 of the salt', () => {
  const bytes = Buffer.concat([
    Buffer.from('arena/model/v1'),
    Buffer.alloc(32, 0xab),
    Buffer.alloc(20, 0xcd),
    Buffer.alloc(32, 0xef),
  ]);
  expect(bytes.length).toBe(98);
  expect(commitmentTo({ sha256 }, wallet, salt)).toBe(createHash('sha256').update(bytes).digest('hex'));
});

it('takes the digest of a data file after that of the model', () => {
  const bytes = Buffer.concat([
    Buffer.from('arena/model/v1'),
    Buffer.alloc(32, 0xab),
    Buffer.alloc(32, 0x12),
    Buffer.alloc(20, 0xcd),
    Buffer.alloc(32, 0xef),
  ]);
  const dataSha256 = '12'.repeat(32);
  expect(commitmentTo({ sha256, dataSha256 }, wallet, salt)).toBe(createHash('sha256').update(bytes).digest('hex'));
});

it('binds each of the three', () => {
  const all = [
    commitmentTo({ sha256 }, wallet, salt),
    commitmentTo({ sha256: '00'.repeat(32) }, wallet, salt),
    commitmentTo({ sha256 }, `0x${'00'.repeat(20)}`, salt),
    commitmentTo({ sha256 }, wallet, '00'.repeat(32)),
  ];
  expect(new Set(all).size).toBe(4);
});
