import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { hexOf } from './hash.js';
import { portableMd5 } from './md5.js';

it('is MD5, for every length around a block and however it is cut', () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * 37) % 256);
  for (let length = 0; length <= bytes.length; length++) {
    const hash = portableMd5();
    hash.update(bytes.subarray(0, length % 71));
    hash.update(bytes.subarray(length % 71, length));
    const all = Buffer.concat([bytes.subarray(0, length % 71), bytes.subarray(length % 71, length)]);
    expect(hexOf(hash)).toBe(createHash('md5').update(all).digest('hex'));
  }
});
