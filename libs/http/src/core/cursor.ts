// Keyset cursors: the sort key of the last row of a page, opaque to clients, checked on the way back.
import { DomainError } from '@arena/problem';
import type { z } from 'zod';

export const encodeCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');

export function decodeCursor<T extends z.ZodType>(schema: T, cursor: string | undefined): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(fromText(cursor));
  if (!parsed.success) throw new DomainError('page/cursor');
  return parsed.data;
}

function fromText(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** A page from rows of which one more than `limit` was asked for. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => unknown,
  toItem: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}
