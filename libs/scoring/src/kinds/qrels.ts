// Which documents answer which query, as rows of three: query, document, relevance.
import type { Dataset } from '../dataset.js';
import { elements, numbersOf } from '../elements.js';
import { DataError } from '../error.js';

export interface Judged {
  readonly document: number;
  readonly relevance: number;
}

const MOST_RELEVANCE = 1_000_000;

/** By query, what is relevant to it: queries without any do not count, as in trec_eval. */
export function judgementsOf({ tables, parts }: Dataset): Map<number, Judged[]> {
  const [documents, queries] = parts;
  const { qrels } = tables;
  if (!documents || !queries || !qrels) throw new RangeError('a dataset of another kind');
  if (elements[qrels.type].class !== 'integer') throw new DataError('data/element-type', 'qrels must hold integers');
  if (qrels.shape.length !== 2 || qrels.shape[1] !== 3) throw new DataError('data/shape', 'qrels has three columns');
  const numbers = numbersOf(qrels);
  const seen = new Set<number>();
  const judgements = new Map<number, Judged[]>();
  for (let at = 0; at < numbers.length; at += 3) {
    const [query, document, relevance] = numbers.subarray(at, at + 3) as unknown as [number, number, number];
    const known = query >= 0 && query < queries.rows && document >= 0 && document < documents.rows;
    if (!known || !(relevance >= 0 && relevance <= MOST_RELEVANCE))
      throw new DataError('data/labels', 'a row of qrels names no query, no document or no relevance');
    const pair = query * documents.rows + document;
    if (seen.has(pair)) throw new DataError('data/labels', 'qrels judges a pair twice');
    seen.add(pair);
    if (relevance === 0) continue;
    const judged = judgements.get(query) ?? [];
    judgements.set(query, judged);
    judged.push({ document, relevance });
  }
  if (judgements.size === 0) throw new DataError('data/undefined-metric', 'no document is relevant to any query');
  return judgements;
}
