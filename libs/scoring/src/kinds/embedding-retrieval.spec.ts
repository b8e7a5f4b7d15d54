import { describe, expect, it } from 'vitest';
import { datasetOf, matrix, scored } from '../fixture/score.js';

const documents = [[1, 0], [0.8, 0.6], [0, 2], [-1, 0], [0.6, 0.8]]; // prettier-ignore
const queries = [[1, 0], [0, 3], [1, 1]]; // prettier-ignore
const qrels = [0, 1, 2, 0, 3, 1, 1, 2, 1, 2, 2, 3, 2, 0, 1, 1, 0, 0];

const data = (judgements: readonly number[] = qrels) =>
  datasetOf('embedding-retrieval', {
    documents: ['f4', [5, 1], [0, 0, 0, 0, 0]],
    queries: ['f4', [3, 1], [0, 0, 0]],
    qrels: ['i4', [judgements.length / 3, 3], judgements],
  });

describe('embedding-retrieval', () => {
  // By Python in decimals of 60 digits: gains are the relevances, discounts log2 of the place plus one.
  it('agrees with the definitions', async () => {
    const options = { metric: 'ndcg@10', recallAt: 2 };
    expect(await scored(await data(), options, matrix([...documents, ...queries]), 2)).toEqual({
      primary: '0.706736983',
      all: { 'ndcg@10': '0.706736983', 'recall@k': '0.5' },
    });
  });

  it('does not care how long the vectors are', async () => {
    const longer = [...documents, ...queries].map((vector, at) => vector.map(x => x * (at + 2)));
    expect(await scored(await data(), { metric: 'ndcg@10' }, matrix(longer))).toMatchObject({ primary: '0.706736983' });
  });

  it('breaks ties against the model', async () => {
    const same = [...documents, ...queries].map(() => [1, 2]);
    // All tie, so the one relevant document is the last of five: 1 / log2(6).
    const result = await scored(await data([0, 0, 1]), { metric: 'ndcg@10', recallAt: 4 }, matrix(same));
    expect(result).toMatchObject({ all: { 'ndcg@10': '0.386852807', 'recall@k': '0' } });
  });

  it('ranks vectors of zero behind those that are alike', async () => {
    const vectors = [[0, 0], [-1, 0], [0, 1], [0, 1], [0, 1], ...queries]; // prettier-ignore
    // Cosines to (1, 0) are 0, -1, 0, 0, 0: document 0 ties with three others, document 1 is last.
    expect(await scored(await data([0, 0, 1]), { metric: 'recall@k', recallAt: 3 }, matrix(vectors))).toMatchObject({
      primary: '0',
    });
    expect(await scored(await data([0, 0, 1]), { metric: 'recall@k', recallAt: 4 }, matrix(vectors))).toMatchObject({
      primary: '1',
    });
  });
});
