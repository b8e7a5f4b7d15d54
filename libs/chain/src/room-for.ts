/**
 * The gas limit for an estimate. Until its block a transaction may become dearer: a slot that held the same value then
 * does not now. What is not used is not paid.
 */
export const roomFor = (gas: bigint): bigint => (gas * 3n) / 2n;
