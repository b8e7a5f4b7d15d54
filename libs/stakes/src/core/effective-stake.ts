export interface DelegationTerms {
  /** ε: how much of what was delegated counts, in parts per million. */
  readonly epsilonPpm: number;
  /** At most this many times the own stake. */
  readonly delegationCap: number;
}

/** own + min(ε · delegated, cap · own), in wei, rounded down. Who stakes nothing has no weight, whatever is delegated. */
export function effectiveStake(own: bigint, delegated: bigint, { epsilonPpm, delegationCap }: DelegationTerms): bigint {
  const counted = (delegated * BigInt(epsilonPpm)) / 1_000_000n;
  const cap = own * BigInt(delegationCap);
  return own + (counted < cap ? counted : cap);
}
