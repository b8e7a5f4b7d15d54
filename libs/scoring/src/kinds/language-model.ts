// Outputs are logits over the vocabulary for the token that follows. The loss is counted in bits for each byte of the text
// that the tokens stand for, so that a tokeniser with longer or shorter tokens wins nothing.
import type { Dataset, Labels } from '../dataset.js';
import { elements, productOf } from '../elements.js';
import { DataError } from '../error.js';
import { ExactSum } from '../exact/exact-sum.js';
import { exactly, nearest, over } from '../exact/fraction.js';
import type { ScoringSpec } from '../scoring.js';
import { labelColumn, labelNumbers } from './columns.js';
import { Breach, type KindRules, type Metric, type MetricOf, type Output, type Value, type Values } from './kind.js';

/** Minus the natural logarithm of the probability that softmax gives to the target. */
function loss(logits: Output['numbers'], start: number, vocabulary: number, target: number): number {
  let highest = logits[start] as number;
  for (let at = start + 1; at < start + vocabulary; at += 1) {
    const logit = logits[at] as number;
    if (logit > highest) highest = logit;
  }
  let sum = 0;
  for (let at = start; at < start + vocabulary; at += 1) sum += Math.exp((logits[at] as number) - highest);
  return highest - (logits[start + target] as number) + Math.log(sum);
}

class LanguageModel implements Metric<MetricOf<'language-model'>> {
  readonly #loss = new ExactSum();
  #tokens = 0;
  #bytes = 0;

  add({ numbers, shape }: Output, labels: Labels): void {
    const vocabulary = shape.at(-1) as number;
    const targets = labelNumbers(labels, 'y');
    for (const [at, target] of targets.entries()) {
      if (target < 0) continue;
      if (target >= vocabulary) throw new Breach('wrong-shape', `there are more than ${vocabulary} tokens`);
      this.#loss.add(loss(numbers, at * vocabulary, vocabulary, target));
      this.#tokens += 1;
    }
    for (const bytes of labelNumbers(labels, 'bytes')) {
      if (!(bytes >= 0)) throw new DataError('data/labels', 'a count of bytes is below zero');
      this.#bytes += bytes;
    }
    if (!Number.isSafeInteger(this.#bytes)) throw new DataError('data/labels', 'the counts of bytes are too large');
  }

  values(): Values<MetricOf<'language-model'>> {
    const sum = this.#loss.value;
    const mean = (count: number, of: (mean: number) => number): Value =>
      count === 0 ? 'none' : sum && exactly(of(nearest(over(sum, count))));
    return {
      'bits-per-byte': mean(this.#bytes, nats => nats / Math.LN2),
      perplexity: mean(this.#tokens, Math.exp),
    };
  }
}

/** Of a row of targets: one for the row, or one for each of its tokens. */
function targetsOf(dataset: Dataset): readonly number[] {
  const [tokens] = dataset.inputs;
  const y = labelColumn(dataset, 'y', 'integer');
  const bytes = labelColumn(dataset, 'bytes', 'integer');
  if (!tokens || elements[tokens.type].class !== 'integer' || tokens.shape.length !== 1)
    throw new DataError('data/shape', 'the first input holds one row of token ids each');
  if (productOf(bytes.shape) !== 1) throw new DataError('data/shape', 'bytes has one element a row');
  if (y.shape.length > 0 && y.shape.join() !== tokens.shape.join())
    throw new DataError('data/shape', 'y has one element a row, or one for each token');
  return y.shape;
}

export const languageModel: KindRules<'language-model'> = {
  arrays: { inputs: ['X'], labels: ['y', 'bytes'], tables: [] },
  outputs: dataset => [[...targetsOf(dataset), 'any']],
  start: (spec: ScoringSpec, dataset) => {
    const targets = targetsOf(dataset);
    // A target that is the next token of the same row is no secret: any graph could look it up among its inputs.
    if (targets.length > 0 && spec.model.architecture.mode !== 'fixed')
      throw new DataError('data/reads-ahead', 'y has one element for each token');
    return new LanguageModel();
  },
};
