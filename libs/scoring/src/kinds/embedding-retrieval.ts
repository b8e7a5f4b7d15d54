// The model turns documents and then queries into vectors; for each query the documents are ranked by the cosine. Ties are
// broken against the model, so that one which gives the same vector for all wins nothing by the order of the file.
import type { Dataset, Labels } from '../dataset.js';
import { ExactSum } from '../exact/exact-sum.js';
import { over } from '../exact/fraction.js';
import { Breach, type KindRules, type Metric, type MetricOf, type Output, type Value, type Values } from './kind.js';
import { judgementsOf, type Judged } from './qrels.js';
import { dot, lengthOf } from './vectors.js';

/** 1 GiB of document vectors. */
const MOST_KEPT = 2 ** 28;
const CUT = 10;

/** How many of the sorted numbers lie below the wanted one. */
function countBelow(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The relevance found at each place from 0 on, of the relevant documents alone. */
function placesOf(similar: Float64Array, sorted: Float64Array, relevant: readonly Judged[]): Map<number, number> {
  const found = relevant
    .map(({ document, relevance }) => ({ value: similar[document] as number, relevance }))
    .sort((a, b) => b.value - a.value || a.relevance - b.relevance);
  const places = new Map<number, number>();
  for (let start = 0; start < found.length;) {
    const value = (found[start] as { value: number }).value;
    let end = start + 1;
    while (found[end]?.value === value) end += 1;
    // Those that are more similar, and those that tie without being relevant, come first.
    const ahead = sorted.length - countBelow(sorted, value) - (end - start);
    for (let at = start; at < end; at += 1)
      places.set(ahead + at - start, (found[at] as { relevance: number }).relevance);
    start = end;
  }
  return places;
}

const discounted = (relevance: number, place: number): number => relevance / Math.log2(place + 2);

function gain(places: Iterable<[number, number]>): number {
  let sum = 0;
  for (const [place, relevance] of [...places].sort(([a], [b]) => a - b))
    if (place < CUT) sum += discounted(relevance, place);
  return sum;
}

class EmbeddingRetrieval implements Metric<MetricOf<'embedding-retrieval'>> {
  readonly #documents: number;
  readonly #judgements: ReadonlyMap<number, readonly Judged[]>;
  readonly #similar: Float64Array;
  readonly #lengths: Float64Array;
  readonly #gains = new ExactSum();
  readonly #recalls = new ExactSum();
  #vectors: Float32Array | undefined;

  constructor(
    dataset: Dataset,
    readonly recallAt: number | undefined,
  ) {
    this.#documents = dataset.parts[0]?.rows ?? 0;
    this.#judgements = judgementsOf(dataset);
    this.#similar = new Float64Array(this.#documents);
    this.#lengths = new Float64Array(this.#documents);
  }

  add({ numbers, shape }: Output, { first, rows }: Labels): void {
    const [size = 1] = shape;
    if (this.#documents * size > MOST_KEPT) throw new Breach('wrong-shape', `vectors of ${size} elements are too long`);
    const vectors = (this.#vectors ??= new Float32Array(this.#documents * size));
    for (let row = 0; row < rows; row += 1) {
      const vector = numbers.subarray(row * size, (row + 1) * size);
      if (first + row >= this.#documents) this.#ask(new Float32Array(vector), first + row - this.#documents);
      else {
        vectors.set(vector, (first + row) * size);
        this.#lengths[first + row] = lengthOf(vectors, (first + row) * size, size);
      }
    }
  }

  #ask(query: Float32Array, number: number): void {
    const relevant = this.#judgements.get(number);
    const vectors = this.#vectors;
    if (!relevant || !vectors) return;
    const similar = this.#similar;
    for (let document = 0; document < similar.length; document += 1) {
      const length = this.#lengths[document] as number;
      similar[document] = length > 0 ? dot(vectors, document * query.length, query) / length : 0;
    }
    const places = placesOf(similar, similar.slice().sort(), relevant);
    const best = relevant.map(({ relevance }) => relevance).sort((a, b) => b - a);
    this.#gains.add(gain(places) / gain(best.entries()));
    const { recallAt } = this;
    if (recallAt !== undefined)
      this.#recalls.add([...places.keys()].filter(place => place < recallAt).length / relevant.length);
  }

  values(): Values<MetricOf<'embedding-retrieval'>> {
    const mean = ({ value }: ExactSum): Value => value && over(value, this.#judgements.size);
    return { 'ndcg@10': mean(this.#gains), 'recall@k': this.recallAt === undefined ? 'none' : mean(this.#recalls) };
  }
}

export const embeddingRetrieval: KindRules<'embedding-retrieval'> = {
  arrays: { inputs: ['documents', 'queries'], labels: [], tables: ['qrels'] },
  outputs: dataset => {
    judgementsOf(dataset);
    return [['any']];
  },
  start: ({ scoring }, dataset) => new EmbeddingRetrieval(dataset, scoring.recallAt),
};
