// The order-allocation environment of the fed-ledger: an order of some quantity is split over venues, of which each fills
// up to a capacity, pays a rebate (in basis points) for what it fills and a penalty for what it does not. Each step is
// rounded to float32 as numpy does it, so that a reward is the one that those validators would see; only the mean over
// rows is exact, where numpy's float32 mean depends on the number of rows.
import type { Dataset, Labels } from '../dataset.js';
import { DataError } from '../error.js';
import { ExactSum } from '../exact/exact-sum.js';
import { over } from '../exact/fraction.js';
import { labelColumn, labelNumbers } from './columns.js';
import { sumFloat32 } from './float32-sum.js';
import { Breach, type KindRules, type Metric, type MetricOf, type Output, type Values } from './kind.js';

const { fround: f32 } = Math;

/** Quantity, duration, and one that is not used. */
const COLUMNS_BEFORE = 3;
const COLUMNS_OF_VENUE = 4;

const WIDENING = f32(0.6);
const HASTE = f32(-0.9);

class Policy implements Metric<MetricOf<'policy'>> {
  readonly #sum = new ExactSum();
  #rows = 0;
  readonly #shares: Float32Array;
  readonly #rewards: Float32Array;

  constructor(readonly venues: number) {
    this.#shares = new Float32Array(venues);
    this.#rewards = new Float32Array(venues);
  }

  add({ numbers }: Output, labels: Labels): void {
    const info = new Float32Array(labelNumbers(labels, 'Info'));
    const columns = COLUMNS_BEFORE + COLUMNS_OF_VENUE * this.venues;
    for (let row = 0; row < labels.rows; row += 1) {
      this.#share(numbers, row * this.venues);
      const reward = this.#reward(info, row * columns);
      // The shares lie between 0 and 1, so it is not the model's doing.
      if (!Number.isFinite(reward)) throw new DataError('data/labels', 'a row of Info gives no finite reward');
      this.#sum.add(reward);
    }
    this.#rows += labels.rows;
  }

  /** The positive parts, made to add up to one; all zero stays zero. */
  #share(actions: Output['numbers'], start: number): void {
    const shares = this.#shares;
    for (let venue = 0; venue < shares.length; venue += 1)
      shares[venue] = Math.max(actions[start + venue] as number, 0);
    const sum = sumFloat32(shares);
    if (sum === Infinity) throw new Breach('out-of-range', 'the actions of a row add up to more than a float32 holds');
    for (let venue = 0; venue < shares.length; venue += 1)
      shares[venue] = sum > 0 ? (shares[venue] as number) / sum : 0;
  }

  #reward(info: Float32Array, start: number): number {
    const quantity = info[start] as number;
    const duration = info[start + 1] as number;
    if (!(quantity > 0)) throw new DataError('data/labels', 'a quantity is not above zero');
    const window = f32(1 + f32(WIDENING * f32(1 - f32(Math.exp(f32(HASTE * duration))))));
    for (let venue = 0; venue < this.venues; venue += 1) {
      const at = start + COLUMNS_BEFORE + COLUMNS_OF_VENUE * venue;
      const fillRate = Math.min(Math.max(info[at] as number, 0), 1);
      const volume = Math.max(info[at + 3] as number, 0);
      const allocation = f32((this.#shares[venue] as number) * quantity);
      const filled = Math.min(allocation, f32(f32(volume * window) * fillRate));
      const rebate = f32(f32((info[at + 1] as number) / 10_000) * filled);
      this.#rewards[venue] = rebate + f32((info[at + 2] as number) * f32(allocation - filled));
    }
    return f32(sumFloat32(this.#rewards) / f32(Math.log1p(quantity)));
  }

  values(): Values<MetricOf<'policy'>> {
    return { 'average-reward': this.#sum.value && over(this.#sum.value, this.#rows) };
  }
}

function venuesOf(dataset: Dataset): number {
  const { shape } = labelColumn(dataset, 'Info', 'float');
  const venues = ((shape[0] ?? 0) - COLUMNS_BEFORE) / COLUMNS_OF_VENUE;
  if (shape.length !== 1 || !Number.isInteger(venues) || venues < 1)
    throw new DataError('data/shape', 'a row of Info has three columns, and four for each venue');
  return venues;
}

export const policy: KindRules<'policy'> = {
  arrays: { inputs: ['X'], labels: ['Info'], tables: [] },
  outputs: dataset => [[venuesOf(dataset)]],
  start: (_, dataset) => new Policy(venuesOf(dataset)),
};
