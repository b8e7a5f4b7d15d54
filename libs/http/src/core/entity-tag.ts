import { DomainError } from '@arena/problem';

// ETags are strong and made from a version, never from bytes: "7".

export const entityTag = (version: number | bigint | string): string => `"${version}"`;

/** Whether a list of tags in If-Match or If-None-Match names this one. Weak tags never match If-Match. */
export function names(header: string, tag: string, { weak }: { weak: boolean }): boolean {
  return header.split(',').some(entry => {
    const listed = entry.trim();
    return listed === '*' || listed === tag || (weak && listed === `W/${tag}`);
  });
}

/** Stops a change that was made from an older version than the one at hand. */
export function assertMatch(ifMatch: string, version: number | bigint): void {
  if (!names(ifMatch, entityTag(version), { weak: false })) throw new DomainError('etag/stale');
}
