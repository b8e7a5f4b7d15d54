import { describe, expect, it } from 'vitest';
import { datasetOf, matrix, scored, tensor } from '../fixture/score.js';

const logits = [[1, 0, -1, 0.5], [0, 2, 0, 0], [3, 3, 0, -2]]; // prettier-ignore
// By Python in decimals of 60 digits, over 8 bytes and 3 tokens.
const expected = { 'bits-per-byte': '1.227794415', perplexity: '9.674039575' };

describe('language-model', () => {
  it('scores the token after each row, in bits a byte', async () => {
    const dataset = await datasetOf('language-model', {
      X: ['i4', [3, 2], [0, 1, 2, 3, 0, 1]], y: ['i4', [3], [0, 1, 3]], bytes: ['u2', [3], [4, 1, 3]],
    }); // prettier-ignore
    expect(await scored(dataset, { metric: 'bits-per-byte' }, matrix(logits))).toEqual({
      primary: '1.227794415',
      all: expected,
    });
  });

  const everyToken = () =>
    datasetOf('language-model', {
      X: ['i4', [2, 2], [0, 1, 2, 3]], y: ['i8', [2, 2], [0, 1, -1, 3]], bytes: ['u2', [2], [5, 3]],
    }); // prettier-ignore
  const each = { metric: 'bits-per-byte', output: { shape: ['batch', 2, 'any'] as ('batch' | 'any' | number)[] } };
  const outputs = tensor([2, 2, 4], [...logits.slice(0, 2).flat(), 9, 9, -9, 9, ...(logits[2] ?? [])]);

  it('scores each token of a row but those without a target', async () => {
    expect(await scored(await everyToken(), { ...each, fixed: true }, outputs)).toMatchObject({ all: expected });
  });

  it('refuses a target for each token where a free graph could look at the next one', async () => {
    await expect(scored(await everyToken(), each, outputs)).rejects.toMatchObject({ code: 'data/reads-ahead' });
  });

  it('disqualifies a model whose vocabulary is too small', async () => {
    const three = tensor([2, 2, 3], new Array<number>(12).fill(0));
    expect(await scored(await everyToken(), { ...each, fixed: true }, three)).toMatchObject({ disqualified: 'wrong-shape' }); // prettier-ignore
  });

  it('refuses data without a single byte', async () => {
    const dataset = await datasetOf('language-model', { X: ['i4', [1, 1], [0]], y: ['i4', [1], [0]], bytes: ['u2', [1], [0]] }); // prettier-ignore
    await expect(scored(dataset, { metric: 'bits-per-byte' }, matrix([[0, 0]]))).rejects.toMatchObject({ code: 'data/undefined-metric' }); // prettier-ignore
  });
});
