import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '@arena/contracts';
import { blank, datasetOf, matrix, scored, specFor, tensor, type SpecOptions } from './fixture/score.js';
import type { Shaped } from './fixture/safetensors.js';
import { startScoring, type Dataset, type Labels, type ScoringSpec, type Tensor } from './index.js';

const three = () => datasetOf('classification', { X: blank(3), y: ['i8', [3], [0, 1, 0]] });
const spec = { metric: 'accuracy' };
const right = matrix([[1, 0], [0, 1], [1, 0]]); // prettier-ignore

async function allLabels(dataset: Dataset, batchSize: number): Promise<Labels[]> {
  const found: Labels[] = [];
  for await (const { labels } of dataset.batches(batchSize)) found.push(labels);
  return found;
}

/** What comes of these outputs for the three rows at once. */
async function resultOf(outputs: readonly Tensor[], options: SpecOptions = spec) {
  const dataset = await three();
  const scoring = startScoring(specFor(dataset, options), dataset);
  for (const labels of await allLabels(dataset, 3)) scoring.add(outputs, labels);
  return scoring.result();
}

describe('a model is disqualified', () => {
  it.each<[string, Tensor[], string]>([
    ['for NaN', [matrix([[1, 0], [NaN, 1], [1, 0]])], 'not-finite'],
    ['for infinity', [matrix([[1, 0], [0, 1], [1, -Infinity]])], 'not-finite'],
    ['for no output', [], 'wrong-outputs'],
    ['for an output too many', [right, right], 'wrong-outputs'],
    ['for another type', [{ type: 'float64', shape: [3, 2], data: new Float64Array(6) }], 'wrong-type'],
    ['for too few rows', [matrix([[1, 0], [0, 1]])], 'wrong-shape'],
    ['for too many rows', [matrix([[1, 0], [0, 1], [1, 0], [1, 0]])], 'wrong-shape'],
    ['for another number of dimensions', [tensor([3], [1, 0, 1])], 'wrong-shape'],
    ['for fewer elements than its shape has', [tensor([3, 2], [1, 0])], 'wrong-shape'],
    ['for no classes at all', [tensor([3, 0], [])], 'wrong-shape'],
  ])('%s', async (_, outputs, rule) => {
    expect(await resultOf(outputs)).toMatchObject({ disqualified: rule, detail: expect.any(String) as string });
  }); // prettier-ignore

  it.each([
    ['float16', 0x7c00, 0x3c00],
    ['float16', 0xfe01, 0x3c00],
    ['bfloat16', 0xff80, 0x3f80],
  ] as const)('for what is no number in %s (%i), and not for one', async (type, bad, one) => {
    const output = { metric: 'accuracy', output: { type } };
    const bits = [one, 0, 0, one, one, 0];
    const of = (data: number[]): Tensor => ({ type, shape: [3, 2], data: Uint16Array.from(data) });
    expect(await resultOf([of(bits)], output)).toMatchObject({ primary: '1' });
    expect(await resultOf([of([...bits.slice(0, 5), bad])], output)).toMatchObject({ disqualified: 'not-finite' });
  });

  it('for outputs whose size changes from batch to batch', async () => {
    const dataset = await three();
    const scoring = startScoring(specFor(dataset, spec), dataset);
    const [first, second, third] = (await allLabels(dataset, 1)) as [Labels, Labels, Labels];
    scoring.add([matrix([[1, 0]])], first);
    expect(scoring.disqualified).toBeUndefined();
    scoring.add([matrix([[1, 0, 0]])], second);
    expect(scoring.disqualified).toMatchObject({ disqualified: 'wrong-shape' });
    scoring.add([matrix([[1, 0]])], third);
    expect(scoring.result()).toBe(scoring.disqualified);
  });

  it('for another number of classes than the task says', async () => {
    expect(await resultOf([right], { metric: 'accuracy', output: { shape: ['batch', 3] } })).toMatchObject({ disqualified: 'wrong-shape' }); // prettier-ignore
  });
});

describe('a score', () => {
  it('is rounded to the grid', async () => {
    const wrong = matrix([[1, 0], [1, 0], [0, 1]]); // prettier-ignore
    expect(await scored(await three(), { metric: 'accuracy', grid: '0.01' }, wrong)).toMatchObject({ primary: '0.33' });
  });

  it('needs every row, each once and in order', async () => {
    const dataset = await three();
    const scoring = startScoring(specFor(dataset, spec), dataset);
    const [first, second, third] = (await allLabels(dataset, 1)) as [Labels, Labels, Labels];
    expect(() => scoring.add([matrix([[1, 0]])], second)).toThrow(RangeError);
    scoring.add([matrix([[1, 0]])], first);
    expect(() => scoring.add([matrix([[1, 0]])], first)).toThrow(RangeError);
    expect(() => scoring.result()).toThrow(RangeError);
    scoring.add([matrix([[0, 1]])], second);
    scoring.add([matrix([[1, 0]])], third);
    expect(scoring.result()).toMatchObject({ primary: '1' });
  });

  it.each<[string, (spec: ScoringSpec) => void]>([
    ['another kind', it => Object.assign(it, { kind: 'regression' })],
    ['more inputs', it => it.model.inputs.push({ type: 'float32', shape: ['batch'] })],
    ['inputs of another type', it => Object.assign(it.model.inputs[0] ?? {}, { type: 'float64' })],
    ['inputs of another size', it => Object.assign(it.model.inputs[0] ?? {}, { shape: ['batch', 2] })],
    ['inputs of a fixed batch', it => Object.assign(it.model.inputs[0] ?? {}, { shape: [3, 1] })],
    ['outputs of another shape', it => Object.assign(it.model.outputs[0] ?? {}, { shape: ['batch', 2, 2] })],
    ['outputs with the batch twice', it => Object.assign(it.model.outputs[0] ?? {}, { shape: ['batch', 'batch'] })],
    ['outputs of integers', it => Object.assign(it.model.outputs[0] ?? {}, { type: 'int64' })],
  ])('is refused for data of a task with %s', async (_, change) => {
    const dataset = await three();
    const changed = specFor(dataset, spec);
    change(changed);
    expect(() => startScoring(changed, dataset)).toThrow(expect.objectContaining({ code: 'data/signature' }) as Error);
  });
});

const numbers = (length: number) =>
  fc.array(fc.float({ noNaN: true, min: -50, max: 50 }), { minLength: length, maxLength: length });
const ROWS = 12;
const cases: [Kind, SpecOptions, Readonly<Record<string, Shaped>>, number][] = [
  ['classification', { metric: 'log-loss' }, { X: blank(ROWS), y: ['i8', [ROWS], [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 0, 1]] }, 3],
  ['regression', { metric: 'rmse' }, { X: blank(ROWS), y: ['f4', [ROWS, 2], Array.from({ length: 24 }, (_, at) => at / 7)] }, 2],
  ['language-model', { metric: 'bits-per-byte' }, { X: ['i4', [ROWS, 1], new Array<number>(ROWS).fill(1)], y: ['i4', [ROWS], Array.from({ length: ROWS }, (_, at) => at % 4)], bytes: ['i4', [ROWS], new Array<number>(ROWS).fill(3)] }, 4],
  ['policy', { metric: 'average-reward' }, { X: blank(ROWS), Info: ['f4', [ROWS, 11], Array.from({ length: ROWS * 11 }, (_, at) => 1 + (at % 17) / 3)] }, 2],
  ['embedding-retrieval', { metric: 'ndcg@10', recallAt: 2 }, { documents: blank(8), queries: blank(4), qrels: ['i4', [5, 3], [0, 1, 1, 0, 7, 2, 1, 3, 1, 3, 0, 1, 3, 2, 5]] }, 3],
]; // prettier-ignore

describe.each(cases)('a %s score', (kind, options, arrays, columns) => {
  it('is the same in whatever batches the rows come', async () => {
    const dataset = await datasetOf(kind, arrays);
    await fc.assert(
      fc.asyncProperty(numbers(ROWS * columns), fc.integer({ min: 1, max: ROWS }), async (values, batchSize) => {
        const outputs = tensor([ROWS, columns], values);
        const whole = await scored(dataset, options, outputs, ROWS);
        expect(whole).toHaveProperty('primary');
        expect(await scored(dataset, options, outputs, batchSize)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});
