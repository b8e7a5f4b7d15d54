// What of an earlier upload is there, and whether it is of this file.
import { ArenaError } from '../error.js';
import { hashSource } from './hash-source.js';
import type { NewHash } from './hash.js';
import { portableMd5 } from './md5.js';
import type { ByteSource } from './source.js';

export interface Landed {
  partSize: number;
  landed: readonly { number: number; size: number; etag: string }[];
}

/** The numbers of the parts that have landed whole. */
export function wholeParts({ partSize, landed }: Landed, size: number): Set<number> {
  const sizeOf = (number: number) => Math.min(partSize, size - (number - 1) * partSize);
  return new Set(landed.filter(part => part.size === sizeOf(part.number)).map(({ number }) => number));
}

/** The first part that landed with other bytes than this file has there; object stores name a part by its MD5. */
export async function strangeTo(
  source: ByteSource,
  listed: Landed,
  { newMd5 = portableMd5, signal }: { newMd5?: NewHash | undefined; signal?: AbortSignal | undefined },
): Promise<number | undefined> {
  const whole = wholeParts(listed, source.size);
  for (const { number, size, etag } of listed.landed) {
    if (!whole.has(number)) continue;
    const from = (number - 1) * listed.partSize;
    if ((await hashSource(source, { from, length: size, newHash: newMd5, signal })) !== etag.toLowerCase())
      return number;
  }
  return undefined;
}

/** Refused before anything is sent: a mixture of two files would only be found out when all of it is there. */
export async function assertNoneStrange(source: ByteSource, listed: Landed, options: Parameters<typeof strangeTo>[2]) {
  const number = await strangeTo(source, listed, options);
  if (number === undefined) return;
  const detail = `Part ${number} of the earlier upload has landed with other bytes than this file has: begin a new one`;
  throw new ArenaError('client/upload', { title: 'The upload that is resumed is of another file', detail });
}
