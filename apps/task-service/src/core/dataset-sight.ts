// Who sees what. Hidden sets and unfinished versions do not exist for anybody but admins; and nobody at all, admins
// included, is given the bytes of a hidden set: those are reached through an assignment alone.
import type { Purpose } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import type { z } from 'zod';
import type { In, VersionState } from './dataset-version.js';

export type DatasetPurpose = z.output<typeof Purpose>;

const publicity = {
  training: 'public',
  starter: 'public',
  'hidden-a': 'hidden',
  'hidden-b': 'hidden',
} as const satisfies Record<DatasetPurpose, 'public' | 'hidden'>;

export const isHidden = (purpose: DatasetPurpose): boolean => publicity[purpose] === 'hidden';

export const purposesSeen = (admin: boolean): DatasetPurpose[] =>
  (Object.keys(publicity) as DatasetPurpose[]).filter(purpose => admin || !isHidden(purpose));

export const statesSeen = (admin: boolean): readonly VersionState['state'][] =>
  admin ? ['uploading', 'verifying', 'ready', 'failed', 'abandoned'] : ['ready'];

export function assertSeesDataset<D extends { purpose: DatasetPurpose }>(
  admin: boolean,
  dataset: D | undefined,
): asserts dataset is D {
  if (!dataset || !purposesSeen(admin).includes(dataset.purpose)) throw new DomainError('resource/not-found');
}

interface Seen {
  purpose: DatasetPurpose;
  state: VersionState;
}

export function assertSeesVersion<V extends Seen>(admin: boolean, version: V | undefined): asserts version is V {
  assertSeesDataset(admin, version);
  if (!statesSeen(admin).includes(version.state.state)) throw new DomainError('resource/not-found');
}

/** What may be downloaded, from somebody who may see it. */
export function assertDownloadable<V extends Seen>(version: V): asserts version is V & { state: In<'ready'> } {
  if (isHidden(version.purpose)) throw new DomainError('dataset/hidden');
  if (version.state.state !== 'ready') throw new DomainError('dataset/state', { detail: 'It is not ready' });
}

/** Bytes that anybody may download are no secret, and secret bytes must not become a download: once one, never the other. */
export function clash(purpose: DatasetPurpose, twins: readonly DatasetPurpose[]): string | undefined {
  if (!twins.some(twin => isHidden(twin) !== isHidden(purpose))) return undefined;
  return isHidden(purpose) ? 'The same bytes are public already' : 'The same bytes are a hidden set already';
}
