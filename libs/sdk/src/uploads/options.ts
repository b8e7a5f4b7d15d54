import type { NewHash } from './hash.js';

/** How bytes are sent, whatever they are. */
export interface SendOptions {
  /** The server chooses when left out. */
  partSize?: number;
  /** Parts under way at a time, and so in memory; 4 when left out. */
  concurrency?: number;
  /** How long one try of a part may take; left out, half a minute and what a line of 64 KiB/s needs. */
  partTimeoutMs?: number;
  newHash?: NewHash;
  /** For what has landed of an upload that is resumed. */
  newMd5?: NewHash;
  fetch?: typeof fetch;
  signal?: AbortSignal;
}
