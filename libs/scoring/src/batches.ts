import type { Batch } from './dataset.js';
import type { StoredArray } from './format/stored-array.js';
import { openRows, rowBytesOf, type Rows } from './rows.js';
import type { Tensor } from './tensor.js';

/** Of all arrays of one batch together, whatever the batch size asked for. */
const MOST_BATCH_BYTES = 64 * 1024 * 1024;

interface Part {
  readonly arrays: readonly StoredArray[];
  readonly rows: number;
}

const bytesOfRow = (arrays: readonly StoredArray[]): number =>
  arrays.reduce((sum, { shape, type }) => sum + rowBytesOf({ shape: shape.slice(1), type }), 0);

/** Opens all or none. */
async function openAll(arrays: readonly StoredArray[]): Promise<Rows[]> {
  const open: Rows[] = [];
  try {
    for (const array of arrays) open.push(await openRows(array));
    return open;
  } catch (error) {
    for (const rows of open) await rows.close();
    throw error;
  }
}

/** All arrays in step, front to back. */
export async function* batchesOf(
  parts: readonly Part[],
  labels: readonly StoredArray[],
  batchSize: number,
): AsyncGenerator<Batch> {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) throw new RangeError('a batch has at least one row');
  let before = 0;
  for (const { arrays, rows: total } of parts) {
    const readers = await openAll([...arrays, ...labels]);
    const most = Math.max(1, Math.min(batchSize, Math.floor(MOST_BATCH_BYTES / bytesOfRow([...arrays, ...labels]))));
    try {
      for (let done = 0; done < total;) {
        const rows = Math.min(most, total - done);
        const tensors: Tensor[] = [];
        for (const reader of readers) tensors.push(await reader.next(rows));
        const first = before + done;
        done += rows;
        // A file that is damaged anywhere gives no score, so its last rows are held back until all of it is known good.
        if (done === total) for (const reader of readers) await reader.end();
        const columns = Object.fromEntries(labels.map(({ name }, at) => [name, tensors[arrays.length + at] as Tensor]));
        yield { inputs: tensors.slice(0, arrays.length), labels: { first, rows, columns } };
      }
    } finally {
      for (const reader of readers) await reader.close();
    }
    before += total;
  }
}
