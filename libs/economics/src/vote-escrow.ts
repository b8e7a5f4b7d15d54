/** The contract's formula: 1 gm a token for up to 30 periods, then linearly up to 3.01 for 365; rounded down. */
export function gmFor(amount: bigint, periods: bigint): bigint {
  if (periods <= 30n) return amount;
  const counted = periods < 365n ? periods : 365n;
  return amount + (amount * 219n * (counted - 30n)) / 36_500n;
}
