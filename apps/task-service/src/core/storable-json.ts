// What an audit entry keeps of a value: an admin action must never fail because PostgreSQL has no way to store a
// character of the name that it changed.
import type { Json } from '@arena/contracts';

/** Times become ISO strings, whole numbers of any size decimal strings; what JSON cannot say is left out. */
export function storableJson(value: unknown): Json {
  const text: string | undefined = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? part.toString() : part,
  );
  return text === undefined ? null : (JSON.parse(text, reviveStorable) as Json);
}

function reviveStorable(_: string, part: unknown): unknown {
  if (typeof part === 'string') return storableText(part);
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, member]) => [storableText(key), member]));
}

// PostgreSQL stores neither U+0000 nor half a surrogate pair.
const unstorable = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

export const storableText = (text: string): string => text.replace(unstorable, '\uFFFD');
