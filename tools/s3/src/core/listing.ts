import { S3Error } from './errors.js';
import { compareUtf8, firstNot } from './order.js';

export interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Where the last page ended: a key, or a common prefix, all of which is then skipped. */
  readonly after?: Cursor | undefined;
  readonly max: number;
}

export interface Cursor {
  readonly at: string;
  readonly group: boolean;
}

export interface Page {
  readonly keys: string[];
  readonly prefixes: string[];
  readonly next?: Cursor;
}

/** One page of `keys` (sorted by UTF-8 bytes), grouped at `delimiter` as S3 does. */
export function pageOf(keys: readonly string[], { prefix, delimiter, after, max }: PageRequest): Page {
  const page: Page = { keys: [], prefixes: [] };
  const past = (group: string) => firstNot(keys, key => compareUtf8(key, group) < 0 || key.startsWith(group));
  let at = firstNot(keys, key => compareUtf8(key, prefix) < 0);
  if (after) at = Math.max(at, after.group ? past(after.at) : firstNot(keys, key => compareUtf8(key, after.at) <= 0));
  let last: Cursor | undefined;
  for (let count = 0; at < keys.length; count += 1) {
    const key = keys[at] as string;
    if (!key.startsWith(prefix)) break;
    if (count >= max) return last ? { ...page, next: last } : page;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      page.keys.push(key);
      last = { at: key, group: false };
      at += 1;
    } else {
      const group = key.slice(0, cut + delimiter.length);
      page.prefixes.push(group);
      last = { at: group, group: true };
      at = past(group);
    }
  }
  return page;
}

export const writeCursor = (cursor: Cursor) =>
  Buffer.from(`${cursor.group ? 'p' : 'k'}${cursor.at}`, 'utf8').toString('base64url');

export function readCursor(token: string): Cursor {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!/^[pk]./s.test(text)) throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return { at: text.slice(1), group: text.startsWith('p') };
}
