import { expect, it } from 'vitest';
import { sumFloat32 } from './float32-sum.js';

// numpy 2.4: `np.float32(1) / np.arange(1, n + 1, dtype=np.float32)` summed by `.sum()`, printed as a double.
it.each([
  [1, 1.0],
  [3, 1.8333333730697632],
  [7, 2.5928573608398438],
  [8, 2.7178573608398438],
  [9, 2.8289685249328613],
  [20, 3.5977399349212646],
  [128, 5.433147430419922],
  [129, 5.440899848937988],
  [1000, 7.485471725463867],
  [100003, 12.090176582336426],
])('adds up %i numbers in the order of numpy', (length, expected) => {
  const numbers = Float32Array.from({ length }, (_, at) => 1 / (at + 1));
  expect(sumFloat32(numbers)).toBe(expected);
});
