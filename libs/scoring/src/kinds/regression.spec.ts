import { describe, expect, it } from 'vitest';
import { blank, datasetOf, matrix, scored, tensor } from '../fixture/score.js';

const data = (y: readonly number[], shape: readonly number[] = [y.length]) =>
  datasetOf('regression', { X: blank(shape[0] ?? 0), y: ['f4', shape, y] });

describe('regression', () => {
  // By Python's fractions: squared errors 1.5/4 and 1.25/4, r2 443/467 and 59/139; scikit-learn's documentation has the
  // first target's r2 as 0.948.
  it('agrees with the definitions for one target', async () => {
    const result = await scored(await data([3, -0.5, 2, 7]), { metric: 'rmse' }, matrix([[2.5], [0], [2], [8]]));
    expect(result).toEqual({ primary: '0.612372436', all: { rmse: '0.612372436', mae: '0.5', r2: '0.948608137' } });
  });

  it('takes the plain mean over several targets', async () => {
    const y = await data([3, 0.5, -0.5, 1, 2, -1, 7, 0.25], [4, 2]);
    const result = await scored(y, { metric: 'r2' }, matrix([[2.5, 0.5], [0, 1.5], [2, -2], [8, 0.25]])); // prettier-ignore
    // (0.6123724357 + 0.5590169944) / 2, (1/2 + 3/8) / 2, (443/467 + 59/139) / 2
    expect(result).toEqual({ primary: '0.686534284', all: { rmse: '0.585694715', mae: '0.4375', r2: '0.686534284' } });
  });

  it('takes one target with or without a dimension of its own, on either side', async () => {
    const flat = { metric: 'mae', output: { shape: ['batch' as const] } };
    expect(await scored(await data([1, 2], [2, 1]), flat, tensor([2], [1, 4]))).toMatchObject({ primary: '1' });
    expect(await scored(await data([1, 2]), flat, tensor([2], [1, 4]))).toMatchObject({ primary: '1' });
  });

  it('finds the spread of targets far from zero', async () => {
    // Their squares in doubles would leave nothing of it. By hand: 1 - (0 + 1) / (1 + 1).
    const result = await scored(await data([16_000_000, 16_000_002]), { metric: 'r2' }, matrix([[16_000_000], [16_000_001]])); // prettier-ignore
    expect(result).toMatchObject({ primary: '0.5' });
  });

  it('counts targets without spread as explained by a perfect model alone', async () => {
    expect(await scored(await data([5, 5]), { metric: 'r2' }, matrix([[5], [5]]))).toMatchObject({ primary: '1' });
    expect(await scored(await data([5, 5]), { metric: 'r2' }, matrix([[5], [6]]))).toMatchObject({ primary: '0' });
  });

  it('has no r2 of a single row', async () => {
    await expect(scored(await data([5]), { metric: 'r2' }, matrix([[5]]))).rejects.toMatchObject({ code: 'data/undefined-metric' }); // prettier-ignore
    expect(await scored(await data([5]), { metric: 'mae' }, matrix([[5]]))).toEqual({
      primary: '0',
      all: { rmse: '0', mae: '0' },
    });
  });

  it('blames the data for targets that are not numbers', async () => {
    await expect(scored(await data([5, NaN]), { metric: 'mae' }, matrix([[5], [6]]))).rejects.toMatchObject({ code: 'data/labels' }); // prettier-ignore
  });

  it('disqualifies a model whose error has more digits than a score', async () => {
    expect(await scored(await data([0, 0]), { metric: 'mae' }, matrix([[3e38], [3e38]]))).toMatchObject({ disqualified: 'out-of-range' }); // prettier-ignore
  });
});
