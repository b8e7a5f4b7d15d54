import { isHidden, type DatasetPurpose } from './dataset-sight.js';

/**
 * Where verified bytes are kept. Public ones by their hash, so that equal bytes lie there once. The hash of a hidden set
 * stands in the public spec of its task, so its place must not follow from it: it keeps the random name of its upload.
 */
export const keptAt = (purpose: DatasetPurpose, uploadKey: string, sha256: string): string =>
  isHidden(purpose) ? uploadKey.replace(/^uploads\//, 'hidden/') : `sha256/${sha256}`;
