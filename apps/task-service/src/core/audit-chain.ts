// The audit log as a chain of hashes: each link bears the hash of the one before it, its own number and its whole
// entry, so that whoever keeps one hash can tell later whether anything up to it was changed.
//
//   hash = sha256(canonicalJson({ previous, sequence, entry }))
import { canonicalJson, type Json } from '@arena/contracts';

/** Hex digest of a text. Always SHA-256; taken as a parameter because core does no cryptography of its own. */
export type Hash = (text: string) => string;

/** Every column of the row. Times are ISO strings of milliseconds in UTC. */
export interface ChainedEntry {
  readonly id: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly before: Json;
  readonly after: Json;
  readonly traceId: string | null;
}

/** The end of a chain, or of the part of it that was looked at. */
export interface Tip {
  readonly sequence: number;
  readonly hash: string;
  readonly previous: string;
}

export interface Link extends Tip {
  /** The id of the entry. */
  readonly entry: string;
}

const zeros = '0'.repeat(64);

/** Before the first link, which has the number 1. */
export const genesis: Tip = { sequence: 0, hash: zeros, previous: zeros };

export function linkHash({ previous, sequence }: Omit<Tip, 'hash'>, entry: ChainedEntry, hash: Hash): string {
  return hash(canonicalJson({ previous, sequence, entry: { ...entry } }));
}

/** The links that carry the chain on from `tip`, one for each entry, in the order given. */
export function chain(tip: Tip, entries: readonly ChainedEntry[], hash: Hash): Link[] {
  const links: Link[] = [];
  let { sequence, hash: previous } = tip;
  for (const entry of entries) {
    sequence += 1;
    const link = { sequence, previous, entry: entry.id, hash: linkHash({ previous, sequence }, entry, hash) };
    links.push(link);
    previous = link.hash;
  }
  return links;
}
