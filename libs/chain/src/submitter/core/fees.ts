// What a transaction offers for being mined (EIP-1559), in wei per gas.

export interface Fees {
  maxFee: bigint;
  tip: bigint;
}

export interface FeeLimits {
  /** Nothing is signed that could cost more. */
  maxFeeCap: bigint;
  minTip: bigint;
}

export interface Market {
  baseFee: bigint;
  /** What the node suggests. */
  tip: bigint;
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Room for the base fee to double, so that some full blocks do not hold it up; undefined while the market is above the cap. */
export function firstFees({ baseFee, tip }: Market, { maxFeeCap, minTip }: FeeLimits): Fees | undefined {
  const wanted = larger(tip, minTip);
  const maxFee = smaller(2n * baseFee + wanted, maxFeeCap);
  return maxFee < baseFee + minTip ? undefined : { maxFee, tip: smaller(wanted, maxFee) };
}

/** Nodes replace a transaction only by one that offers a tenth more of both; rounded up, and an eighth to be on the safe side. */
const raised = (fee: bigint): bigint => fee + (fee + 7n) / 8n + 1n;

/** What replaces a transaction that offered `last`; undefined where that would break the cap. */
export function bumpedFees(last: Fees, market: Market, limits: FeeLimits): Fees | undefined {
  const fresh = firstFees(market, limits) ?? last;
  const maxFee = larger(raised(last.maxFee), fresh.maxFee);
  const tip = larger(raised(last.tip), fresh.tip);
  return maxFee > limits.maxFeeCap ? undefined : { maxFee, tip: smaller(tip, maxFee) };
}
