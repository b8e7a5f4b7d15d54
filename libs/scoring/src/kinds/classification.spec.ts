import { describe, expect, it } from 'vitest';
import { blank, datasetOf, matrix, scored, tensor } from '../fixture/score.js';

const logits = [
  [2, 1, -1], [0.5, 0.5, 0], [-1, 3, 0.25], [0, 0, 1], [1.5, -2, 4], [0.25, 1, -3], [3, 2.75, 2.5], [-0.5, -1, -0.75],
]; // prettier-ignore
const labels = [0, 1, 1, 2, 0, 1, 2, 1];

const data = (y: readonly number[]) => datasetOf('classification', { X: blank(y.length), y: ['i8', [y.length], y] });

describe('classification', () => {
  // By Python: log-loss as the mean of log-sum-exp minus the label's logit in decimals of 60 digits, the others as
  // fractions by their definitions: accuracy 4/8; F1 1/3, 2/3, 1/2; one-against-rest areas 7/12, 7/8, 3/4.
  it('agrees with the definitions for three classes', async () => {
    expect(await scored(await data(labels), { metric: 'accuracy' }, matrix(logits))).toEqual({
      primary: '0.5',
      all: { accuracy: '0.5', 'log-loss': '0.957075135', 'macro-f1': '0.5', auc: '0.736111111' },
    });
  });

  const ahead = [0.1, 0.4, 0.35, 0.8, 0.35, -1.5];
  const two = [0, 0, 1, 1, 0, 0];
  // The same way: area 13/16 with one tie, log-loss 0.60778169...
  const expected = { accuracy: '0.5', 'log-loss': '0.6077817', auc: '0.8125' };

  it('takes one logit for class 1 of two, with or without a dimension of its own', async () => {
    const wide = await scored(await data(two), { metric: 'auc', grid: '0.0000001' }, matrix(ahead.map(one => [one])));
    expect(wide).toMatchObject({ all: expected });
    const options = { metric: 'auc', grid: '0.0000001', output: { shape: ['batch' as const] } };
    expect(await scored(await data(two), options, tensor([6], ahead))).toEqual(wide);
  });

  it('takes two logits, of which only the difference counts', async () => {
    const shifted = matrix(ahead.map((one, row) => [row * 4, row * 4 + one]));
    const result = await scored(await data(two), { metric: 'auc', grid: '0.00001' }, shifted);
    expect(result).toMatchObject({ all: { ...expected, 'log-loss': '0.60778' } });
  });

  it('takes the first of equal logits, as argmax does', async () => {
    expect(await scored(await data([0, 1]), { metric: 'accuracy' }, matrix([[1, 1], [1, 1]]))).toMatchObject({ primary: '0.5' }); // prettier-ignore
  });

  it('takes labels of every integer type', async () => {
    const dataset = await datasetOf('classification', { X: blank(2), y: ['u1', [2, 1], [0, 1]] });
    expect(await scored(dataset, { metric: 'accuracy' }, matrix([[1, 0], [0, 1]]))).toMatchObject({ primary: '1' }); // prettier-ignore
  });

  it('counts the F1 of classes that are there or predicted, and of no others', async () => {
    // Class 0: 2·1/(1+2) = 2/3; class 2 was predicted once and never there: 0; class 1 is nowhere: left out.
    const result = await scored(await data([0, 0]), { metric: 'macro-f1' }, matrix([[9, 0, 0], [0, 0, 9]])); // prettier-ignore
    expect(result).toMatchObject({ primary: '0.333333333', all: { accuracy: '0.5' } });
  });

  it('keeps the loss of a sure model finite and exact', async () => {
    const sure = await scored(await data([0, 1, 2]), { metric: 'log-loss' }, matrix([[3e4, 0, 0], [3e4, 0, 0], [3e4, 0, 0]])); // prettier-ignore
    expect(sure).toMatchObject({ primary: '20000' });
  });

  it('leaves out the area where there is one class alone, and refuses data that a task wants it of', async () => {
    const same = matrix([[1, 0], [0, 1]]); // prettier-ignore
    const result = await scored(await data([1, 1]), { metric: 'accuracy' }, same);
    expect(result).not.toHaveProperty('all.auc');
    await expect(scored(await data([1, 1]), { metric: 'auc' }, same)).rejects.toMatchObject({
      code: 'data/undefined-metric',
    });
  });

  it('disqualifies a model that knows fewer classes than there are', async () => {
    expect(await scored(await data([0, 2]), { metric: 'accuracy' }, matrix([[1, 0], [0, 1]]))).toMatchObject({ disqualified: 'wrong-shape' }); // prettier-ignore
  });

  it('blames the data for labels below zero', async () => {
    await expect(scored(await data([0, -1]), { metric: 'accuracy' }, matrix([[1, 0], [0, 1]]))).rejects.toMatchObject({ code: 'data/labels' }); // prettier-ignore
  });

  it('leaves out the area where it is not asked for and takes a million scores', async () => {
    const rows = 350_000;
    const dataset = await datasetOf('classification', { X: blank(rows), y: ['u1', [rows], labels.slice(0, 3).concat(new Array<number>(rows - 3).fill(0))] }); // prettier-ignore
    const outputs = tensor([rows, 3], new Array<number>(rows * 3).fill(1));
    expect(await scored(dataset, { metric: 'accuracy' }, outputs)).not.toHaveProperty('all.auc');
    expect(await scored(dataset, { metric: 'auc' }, outputs)).toMatchObject({ primary: '0.5' });
  });
});
