import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { array, elementBytes, npy, type Code } from './fixture/npy.js';
import { safetensors, withHeader } from './fixture/safetensors.js';
import { npz, zip } from './fixture/zip.js';
import { bytesSource, openDataset, type Batch, type ByteSource, type Dataset } from './index.js';
import { numbersOf } from './elements.js';

async function batchesOf(dataset: Dataset, batchSize: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of dataset.batches(batchSize)) batches.push(batch);
  return batches;
}

const open = (bytes: Uint8Array): Promise<Dataset> => openDataset(bytesSource(bytes), 'npz', 'regression');
const y = array('f4', [3], [7, 8, 9]);

/** The input X of three rows, as numbers. */
async function readX(X: Uint8Array): Promise<number[]> {
  const batches = await batchesOf(await open(npz({ X, y })), 2);
  return batches.flatMap(({ inputs: [tensor] }) => (tensor ? [...numbersOf(tensor)] : []));
}

describe('a dataset', () => {
  it('comes in batches of rows, inputs beside labels', async () => {
    const dataset = await open(npz({ X: array('f4', [3, 2], [1, 2, 3, 4, 5, 6]), y }));
    expect(dataset).toMatchObject({
      rows: 3,
      inputs: [{ name: 'X', type: 'float32', shape: [2] }],
      labels: [{ name: 'y' }],
    });
    expect(await batchesOf(dataset, 2)).toEqual([
      {
        inputs: [{ type: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
        labels: { first: 0, rows: 2, columns: { y: { type: 'float32', shape: [2], data: Float32Array.of(7, 8) } } },
      },
      {
        inputs: [{ type: 'float32', shape: [1, 2], data: Float32Array.of(5, 6) }],
        labels: { first: 2, rows: 1, columns: { y: { type: 'float32', shape: [1], data: Float32Array.of(9) } } },
      },
    ]);
  });

  it('keeps several inputs in the order of their numbers', async () => {
    const part = (value: number) => array('f4', [3], [value, value, value]);
    const arrays = Object.fromEntries([10, 2, 0, 1, 3, 4, 5, 6, 7, 8, 9].map(at => [`X${at}`, part(at)]));
    const [batch] = await batchesOf(await open(npz({ ...arrays, y })), 3);
    expect(batch?.inputs.map(({ data }) => data[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('reads the documents and then the queries', async () => {
    const bytes = safetensors({ documents: ['f4', [3, 1], [1, 2, 3]], queries: ['f4', [2, 1], [4, 5]], qrels: ['i4', [1, 3], [0, 0, 1]] }); // prettier-ignore
    const dataset = await openDataset(bytesSource(bytes), 'safetensors', 'embedding-retrieval');
    expect(dataset.rows).toBe(5);
    const batches = await batchesOf(dataset, 2);
    expect(batches.map(({ inputs: [tensor], labels }) => [labels.first, ...(tensor?.data ?? [])])).toEqual([[0, 1, 2], [2, 3], [3, 4, 5]]); // prettier-ignore
  });

  it('can be read twice, and left in the middle', async () => {
    const dataset = await open(npz({ X: array('f4', [3], [1, 2, 3]), y }, true));
    for await (const batch of dataset.batches(1)) {
      expect(batch.labels.first).toBe(0);
      break;
    }
    expect(await batchesOf(dataset, 1)).toHaveLength(3);
    expect(await batchesOf(dataset, 1)).toHaveLength(3);
  });

  it('makes smaller batches of rows that take much memory', async () => {
    const header = {
      X: { dtype: 'U8', shape: [3, 30e6], data_offsets: [0, 90e6] },
      y: { dtype: 'U8', shape: [3], data_offsets: [90e6, 90e6 + 3] },
    };
    const bytes = withHeader(JSON.stringify(header), new Uint8Array(90e6 + 3));
    const dataset = await openDataset(bytesSource(bytes), 'safetensors', 'regression');
    const sizes = (await batchesOf(dataset, 1_000)).map(({ labels }) => labels.rows);
    expect(sizes).toEqual([2, 1]);
  });
});

describe('an array', () => {
  it.each<[string, Code, string]>([
    ['float32', 'f4', '<f4'], ['float64', 'f8', '<f8'], ['int8', 'i1', '|i1'], ['int16', 'i2', '<i2'], ['int32', 'i4', '<i4'],
    ['int64', 'i8', '<i8'], ['uint8', 'u1', '|u1'], ['uint16', 'u2', '<u2'], ['big-endian float32', 'f4', '>f4'],
    ['big-endian int64', 'i8', '>i8'], ['big-endian int16', 'i2', '>i2'],
  ])('is read as %s', async (_, code, descr) => {
    const X = npy(elementBytes([1, 100, 7], code, !descr.startsWith('>')), { descr, shape: [3] });
    expect(await readX(X)).toEqual([1, 100, 7]);
  }); // prettier-ignore

  // Bits and values from the IEEE 754 tables: one, the largest, the smallest, minus two, a third.
  it('is read as float16', async () => {
    const X = npy(new Uint8Array(Uint16Array.of(0x3c00, 0x7bff, 0x0001, 0xc000, 0x3555, 0x8000).buffer), {
      descr: '<f2',
      shape: [3, 2],
    });
    expect(await readX(X)).toEqual([1, 65504, 2 ** -24, -2, 0.333251953125, -0]);
  });

  it('is read as bool', async () => {
    expect(await readX(npy(Uint8Array.of(1, 0, 1), { descr: '|b1', shape: [3] }))).toEqual([1, 0, 1]);
  });

  it.each([1, 2, 3])('is read in version %i of the format', async version => {
    expect(await readX(npy(elementBytes([1, 2, 3], 'f4'), { version, shape: [3] }))).toEqual([1, 2, 3]);
  });

  it.each([
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"],
    ["{\"shape\":(3,1),'fortran_order':False,'descr':'<f4'}"],
    ["  {'shape': (3, 1,), 'descr': '<f4', 'fortran_order': True}"],
  ])('is read whatever way its header is written: %s', async header => {
    expect(await readX(npy(elementBytes([1, 2, 3], 'f4'), { header }))).toEqual([1, 2, 3]);
  });

  it('in Fortran order is turned round', async () => {
    // numpy.asfortranarray(numpy.arange(12).reshape(3, 2, 2)).tobytes('A') has the elements in this order.
    const X = npy(elementBytes([0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11], 'i2'), {
      descr: '<i2',
      shape: [3, 2, 2],
      fortran: true,
    });
    expect(await readX(X)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it.each([
    ['stored', {}],
    ['deflated', { deflated: true }],
    ['with sizes in zip64 fields', { zip64: true }],
    ['with sizes after the data', { descriptor: true, deflated: true }],
  ])('is read from a member %s', async (_, how) => {
    const X = array('f4', [3], [1, 2, 3]);
    for (const zip64 of [false, true]) {
      const bytes = zip(
        [
          { name: 'X.npy', bytes: X, ...how },
          { name: 'y.npy', bytes: y, ...how },
        ],
        { zip64 },
      );
      expect((await batchesOf(await open(bytes), 3))[0]?.inputs[0]?.data).toEqual(Float32Array.of(1, 2, 3));
    }
  });

  it('is given back as it was written, through either format, in batches of any size', async () => {
    const shapes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }));
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        fc.integer(),
        async ([rows, width], batchSize, deflated, seed) => {
          const values = Array.from({ length: rows * width }, (_, at) => Math.fround((seed % 1_000) + at / 3));
          const labels = values.slice(0, rows);
          const files = [
            openDataset(
              bytesSource(npz({ X: array('f4', [rows, width], values), y: array('f8', [rows], labels) }, deflated)),
              'npz',
              'regression',
            ),
            openDataset(
              bytesSource(safetensors({ y: ['f8', [rows], labels], X: ['f4', [rows, width], values] })),
              'safetensors',
              'regression',
            ),
          ];
          for (const dataset of await Promise.all(files)) {
            const batches = await batchesOf(dataset, batchSize);
            expect(batches.flatMap(({ inputs }) => [...(inputs[0]?.data ?? [])])).toEqual(values);
            expect(batches.flatMap(({ labels: { columns } }) => [...(columns['y']?.data ?? [])])).toEqual(labels);
            expect(batches.every(({ labels: { rows: count } }) => count <= batchSize)).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a source', () => {
  /** Counts what it gives. */
  function watched(bytes: Uint8Array): ByteSource & { given: number; largest: number } {
    const source = {
      ...{ size: bytes.length, given: 0, largest: 0 },
      read: (offset: number, length: number) => {
        source.given += length;
        source.largest = Math.max(source.largest, length);
        return Promise.resolve(bytes.subarray(offset, offset + length));
      },
    };
    return source;
  }

  const large = (deflated: boolean) => {
    const X = npy(new Uint8Array(randomBytes(4_000_000)), { descr: '|u1', shape: [400_000, 10] });
    return npz({ X, y: array('u1', [400_000], new Uint8Array(400_000)) }, deflated);
  };

  it.each([false, true])('is read once and in pieces (deflated: %s)', async deflated => {
    const bytes = large(deflated);
    const source = watched(bytes);
    const dataset = await openDataset(source, 'npz', 'regression');
    const opened = source.given;
    expect(opened).toBeLessThan(3_000_000);
    for await (const batch of dataset.batches(1_000)) void batch;
    expect(source.given - opened).toBeLessThanOrEqual(bytes.length);
    expect(source.largest).toBeLessThanOrEqual(1024 * 1024);
  });

  it.each([false, true])('may fail in its own way (deflated: %s)', async deflated => {
    const bytes = large(deflated);
    const source = watched(bytes);
    const dataset = await openDataset(source, 'npz', 'regression');
    const read = source.read.bind(source);
    source.read = (offset, length) =>
      offset > 2_000_000 ? Promise.reject(new Error('the disk is gone')) : read(offset, length);
    await expect(batchesOf(dataset, 1_000)).rejects.toThrow('the disk is gone');
  });

  it('must give what it is asked for', async () => {
    const bytes = npz({ X: array('f4', [3], [1, 2, 3]), y });
    const short = {
      size: bytes.length,
      read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length - 1)),
    };
    await expect(openDataset(short, 'npz', 'regression')).rejects.toThrow(RangeError);
  });
});
