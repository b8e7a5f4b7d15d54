// How a model is judged: the kind of a task, and the metrics that each kind knows (the first is its usual one).

export const kinds = {
  classification: { accuracy: 'max', 'log-loss': 'min', 'macro-f1': 'max', auc: 'max' },
  regression: { rmse: 'min', mae: 'min', r2: 'max' },
  'language-model': { 'bits-per-byte': 'min', perplexity: 'min' },
  policy: { 'average-reward': 'max' },
  'embedding-retrieval': { 'ndcg@10': 'max', 'recall@k': 'max' },
} as const satisfies Record<string, Record<string, 'max' | 'min'>>;

export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];

export const directionOf = (kind: Kind, metric: string): 'max' | 'min' | undefined =>
  (kinds[kind] as Record<string, 'max' | 'min'>)[metric];
