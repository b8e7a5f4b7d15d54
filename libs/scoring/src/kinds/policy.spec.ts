import { describe, expect, it } from 'vitest';
import { blank, datasetOf, matrix, scored } from '../fixture/score.js';

const info = [
  [1000, 2.5, 0, 0.5, 30, -0.001, 400, 0.9, 20, -0.002, 900, 1.2, -5, -0.0005, 100],
  [50, 0, 7, 0.25, 10, -0.01, 1000, 0, 50, -0.02, 500, 0.75, 15, 0, -20],
  [250000, 10, 1, 0.1, 100, -0.0001, 1e6, 0.3, 12.5, -0.0003, 2e5, 0.6, 8, -0.0002, 5e4],
  [1, 1, 1, 1, 1, -1, 1, 1, 1, -1, 1, 1, 1, -1, 1],
];
const actions = [[0.2, 0.5, 0.3], [-1, 2, 3], [1, 1, 1], [-1, 0, -2]]; // prettier-ignore

const data = (rows: readonly (readonly number[])[]) =>
  datasetOf('policy', { X: blank(rows.length), Info: ['f4', [rows.length, rows[0]?.length ?? 0], rows.flat()] });

describe('policy', () => {
  // Each row's reward by numpy 2.4 in float32, exactly as printed as doubles; the last row's actions are none.
  it.each([
    [0, 0.20987863838672638],
    [1, -0.10173390805721283],
    [2, 77.94786071777344],
    [3, 0],
  ])('gives row %i the reward that numpy gives it, to the last bit', async (row, reward) => {
    const result = await scored(
      await data(info.slice(row, row + 1)),
      { metric: 'average-reward' },
      matrix(actions.slice(row, row + 1)),
    );
    expect(result).toMatchObject({ primary: reward.toFixed(9).replace(/\.?0+$/, '') });
  });

  // 19.514001362025738 is the mean of the four in doubles; numpy's float32 mean is 19.514001846.
  it('takes the exact mean over rows', async () => {
    expect(await scored(await data(info), { metric: 'average-reward' }, matrix(actions))).toMatchObject({
      primary: '19.514001362',
    });
  });

  it('blames the data for an order of nothing', async () => {
    const empty = [[0, ...(info[0] ?? []).slice(1)]];
    await expect(scored(await data(empty), { metric: 'average-reward' }, matrix(actions.slice(0, 1)))).rejects.toMatchObject({ code: 'data/labels' }); // prettier-ignore
  });

  it('disqualifies actions for other venues than there are', async () => {
    expect(await scored(await data(info), { metric: 'average-reward' }, matrix(actions.map(([a = 0]) => [a])))).toMatchObject({ disqualified: 'wrong-shape' }); // prettier-ignore
  });

  it('disqualifies actions that add up to infinity', async () => {
    expect(await scored(await data(info), { metric: 'average-reward' }, matrix(actions.map(() => [3e38, 3e38, 0])))).toMatchObject({ disqualified: 'out-of-range' }); // prettier-ignore
  });
});
