// What can be wrong with the chain, judged link by link, so that a log of any length is checked in little memory.
import type { AuditFault } from '@arena/contracts';
import { linkHash, type ChainedEntry, type Hash, type Link, type Tip } from './audit-chain.js';

/** A link as it is stored, with the entry that it points at; null when that row is gone. */
export interface StoredLink extends Link {
  readonly content: ChainedEntry | null;
}

/** A head that somebody kept. */
export interface KeptHead {
  readonly sequence: number;
  readonly hash: string;
}

/** `tip` is the link before this one, in the order of (sequence, entry). */
export function checkLink(tip: Tip, link: StoredLink, hash: Hash): AuditFault[] {
  return [...place(tip, link), ...content(link, hash)];
}

function place(tip: Tip, link: StoredLink): AuditFault[] {
  const at = { sequence: link.sequence, entry: link.entry };
  if (link.sequence <= tip.sequence) return [{ ...at, kind: 'fork', what: 'two links bear this number' }];
  if (link.sequence > tip.sequence + 1) {
    const [first, last] = [tip.sequence + 1, link.sequence - 1];
    return [
      { ...at, kind: 'gap', what: first === last ? `link ${first} is gone` : `links ${first} to ${last} are gone` },
    ];
  }
  if (link.previous === tip.hash) return [];
  return link.previous === tip.previous
    ? [{ ...at, kind: 'fork', what: 'it continues the same link as the one before it' }]
    : [{ ...at, kind: 'order', what: 'it does not continue the link before it: moved, replaced or inserted' }];
}

function content(link: StoredLink, hash: Hash): AuditFault[] {
  const at = { sequence: link.sequence, entry: link.entry };
  if (link.content === null) return [{ ...at, kind: 'missing', what: 'its entry is gone' }];
  if (linkHash(link, link.content, hash) === link.hash) return [];
  return [{ ...at, kind: 'changed', what: 'the entry or the link is not what was sealed here' }];
}

/** A kept head against what the log has under its number, which now ends at `newest`. */
export function checkHead(kept: KeptHead, stored: string | undefined, newest: number, keeper: string): AuditFault[] {
  const at = { sequence: kept.sequence, entry: null };
  if (stored === kept.hash) return [];
  if (stored !== undefined) return [{ ...at, kind: 'rewritten', what: `its hash is not the one kept ${keeper}` }];
  return kept.sequence > newest
    ? [{ ...at, kind: 'truncated', what: `a head of this number was kept ${keeper}; the log ends at ${newest}` }]
    : [{ ...at, kind: 'gap', what: `a head of this number was kept ${keeper}; the log has no such link` }];
}
