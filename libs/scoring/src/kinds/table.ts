import type { Kind } from '@arena/contracts';
import { classification } from './classification.js';
import { embeddingRetrieval } from './embedding-retrieval.js';
import type { KindRules } from './kind.js';
import { languageModel } from './language-model.js';
import { policy } from './policy.js';
import { regression } from './regression.js';

export const rules: { readonly [K in Kind]: KindRules<K> } = {
  classification,
  regression,
  'language-model': languageModel,
  policy,
  'embedding-retrieval': embeddingRetrieval,
};
