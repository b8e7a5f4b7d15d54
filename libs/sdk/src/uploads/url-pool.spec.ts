import { expect, it } from 'vitest';
import { urlPool } from './url-pool.js';

function pooled(numbers: number[], ahead = 3) {
  const asked: number[][] = [];
  const mint = (wanted: number[]) => {
    asked.push(wanted);
    const urls = wanted.map(number => ({ number, url: `${number} of ${asked.length}`, size: 1 }));
    return Promise.resolve({ urls });
  };
  return { asked, pool: urlPool(mint, { numbers, ahead, signal: new AbortController().signal }) };
}

it('mints a few at a time, and only as they are wanted', async () => {
  const { pool, asked } = pooled([2, 3, 5, 8, 9]);
  expect(asked).toEqual([]);
  const taken = await Promise.all([2, 3, 5, 8].map(number => pool.take(number, false)));
  expect(taken.map(({ url }) => url)).toEqual(['2 of 1', '3 of 1', '5 of 1', '8 of 2']);
  expect(asked).toEqual([[2, 3, 5], [8, 9]]); // prettier-ignore
});

it('gives a part that failed a URL that was never handed out', async () => {
  const { pool, asked } = pooled([1, 2]);
  await pool.take(1, false);
  expect((await pool.take(1, true)).url).toBe('1 of 2');
  expect((await pool.take(1, true)).url).toBe('1 of 3');
  expect((await pool.take(2, false)).url).toBe('2 of 1');
  expect(asked).toEqual([[1, 2], [1], [1]]);
});

it('asks anew after minting has failed', async () => {
  let calls = 0;
  const mint = () => {
    calls += 1;
    return calls === 1
      ? Promise.reject(new Error('no'))
      : Promise.resolve({ urls: [{ number: 1, url: 'u', size: 1 }] });
  };
  const pool = urlPool(mint, { numbers: [1], ahead: 1, signal: new AbortController().signal });
  await expect(pool.take(1, false)).rejects.toThrow('no');
  expect((await pool.take(1, false)).url).toBe('u');
});
