// When a provider that failed is asked again: later after each failure in a row, at once after a success.
import type { Fault } from './classify.js';

export interface Circuit {
  failures: number;
  /** Not asked before, unless nobody else can be. Milliseconds, by the clock of the caller. */
  openUntil: number;
  lastFault: Fault | null;
}

export const closed: Circuit = { failures: 0, openUntil: 0, lastFault: null };

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** A node that understood and said no, or asked for a narrower question, is well. */
export const isFailing = (fault: Fault): boolean => fault !== 'rpc-error' && fault !== 'range-too-large';

export function afterFault(circuit: Circuit, fault: Fault, now: number, retryAfterMs = 0): Circuit {
  const failures = circuit.failures + 1;
  const rest = Math.max(Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS), Math.min(retryAfterMs, LONGEST_MS));
  return { failures, openUntil: now + rest, lastFault: fault };
}

export interface Candidate {
  circuit: Circuit;
  stale: boolean;
  chain: 'unknown' | 'right' | 'wrong';
}

/**
 * Whom to ask, in order. In good health the order of the configuration holds, so that all questions of a moment go to
 * one view of the chain; those behind come after those that are not, those that rest last, soonest first.
 */
export function ranked<T extends Candidate>(candidates: readonly T[], now: number): T[] {
  const rests = ({ circuit }: T) => circuit.openUntil > now;
  const rank = (each: T) => (rests(each) ? 2 : each.stale ? 1 : 0);
  return candidates
    .filter(({ chain }) => chain !== 'wrong')
    .sort((a, b) => rank(a) - rank(b) || (rests(a) ? a.circuit.openUntil - b.circuit.openUntil : 0));
}

/** Which heads are so far behind the furthest that their nodes must have lost the chain. */
export const isStale = (head: number | null, furthest: number, tolerance: number): boolean =>
  head !== null && head < furthest - tolerance;
