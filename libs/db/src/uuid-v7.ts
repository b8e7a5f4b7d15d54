import { randomBytes } from 'node:crypto';

let pool = Buffer.alloc(0);
let used = 0;
let lastMs = 0;
let counter = 0;

function random(bytes: number): Buffer {
  if (used + bytes > pool.length) {
    pool = randomBytes(4_096);
    used = 0;
  }
  return pool.subarray(used, (used += bytes));
}

/**
 * An id that sorts by its time of birth, so that rows are appended to their index rather than strewn over it.
 * Ids of one process never go back: a counter of 12 bits orders those of one millisecond and borrows from the next.
 */
export function uuidV7(now = Date.now()): string {
  if (now > lastMs) {
    lastMs = now;
    counter = random(2).readUInt16BE() & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const tail = random(8);
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const hex = tail.toString('hex');
  const version = `7${counter.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
