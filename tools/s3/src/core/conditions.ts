import { noSuchKey, S3Error } from './errors.js';

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

interface Version {
  readonly etag: string;
  readonly modified: Date;
}

const failed = (condition: string) =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    fields: { Condition: condition },
  });

export const plainEtag = (etag: string) => etag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');

const names = (header: string, etag: string) =>
  header.trim() === '*' || header.split(',').some(each => plainEtag(each) === etag);

// HTTP dates have whole seconds.
const seconds = (date: Date) => Math.floor(date.getTime() / 1000) * 1000;

/** In the order of RFC 9110: a match on the ETag outranks the dates. */
export function readable(conditions: Conditions, version: Version): 'yes' | 'not-modified' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!names(ifMatch, version.etag)) throw failed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && seconds(version.modified) > Date.parse(ifUnmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, version.etag) ? 'not-modified' : 'yes';
  const since = ifModifiedSince === undefined ? NaN : Date.parse(ifModifiedSince);
  return seconds(version.modified) <= since ? 'not-modified' : 'yes';
}

/** A copy has no "not modified": every unmet condition fails. */
export function assertCopyable(conditions: Conditions, version: Version): void {
  if (readable(conditions, version) === 'not-modified') throw failed('x-amz-copy-source-If-None-Match');
}

export function assertWritable(conditions: Conditions, key: string, existing: { etag: string } | undefined): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') throw new S3Error('NotImplemented', 'If-None-Match of a write takes * alone');
    if (existing) throw failed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (!existing) throw noSuchKey(key);
    if (!names(ifMatch, existing.etag)) throw failed('If-Match');
  }
}
