import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { modelCommitment } from './commitment.js';

it('is the SHA-256 of the domain, the hash of the model, the wallet and the salt, in whatever case the wallet is', () => {
  const [sha256, wallet, salt] = ['ab'.repeat(32), `0x${'Cd'.repeat(20)}`, 'ef'.repeat(32)];
  const bytes = Buffer.concat([
    Buffer.from('arena/model/v1', 'ascii'),
    Buffer.alloc(32, 0xab),
    Buffer.alloc(20, 0xcd),
    Buffer.alloc(32, 0xef),
  ]);
  expect(modelCommitment({ sha256, wallet, salt })).toBe(createHash('sha256').update(bytes).digest('hex'));
});
