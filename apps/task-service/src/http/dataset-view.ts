import type { AnswerOf, Routes } from '@arena/contracts';
import { countParts } from '@arena/uploads';
import { instant, instantOrNull } from '../core/view.js';
import type { StoredDataset, StoredVersion } from '../store/datasets.js';

export const datasetView = (stored: StoredDataset): AnswerOf<Routes['datasets.get']> => ({
  dataset: stored.dataset,
  name: stored.name,
  description: stored.description,
  purpose: stored.purpose,
  latest: stored.latest,
  createdAt: instant(stored.createdAt),
});

export const versionView = (stored: StoredVersion): AnswerOf<Routes['datasets.versions.get']> => {
  const { dataset, version, purpose, filename, format, size, createdAt, state } = stored;
  const ready = state.state === 'ready' ? state : undefined;
  return {
    ...{ dataset, version, purpose, filename, format, size },
    state: state.state,
    failure: state.state === 'failed' ? state.failure : null,
    sha256: ready?.sha256 ?? null,
    createdAt: instant(createdAt),
    readyAt: instantOrNull(ready?.readyAt ?? null),
    expiresAt: instantOrNull(state.state === 'uploading' ? state.deadline : null),
  };
};

export const uploadView = (stored: StoredVersion): AnswerOf<Routes['datasets.versions.begin']> => ({
  ...versionView(stored),
  partSize: stored.partSize,
  parts: countParts(stored),
});
