/** Epochs between two cuts of the emission. */
const DECAY_EPOCHS = 30n;

/** What all epochs up to this one emit together: each 30 epochs a tenth less than before, rounded down. */
export function emittedBy(emission: bigint, epoch: bigint): bigint {
  let emitted = 0n;
  let rate = emission;
  for (let left = epoch + 1n; left > 0n && rate > 0n; rate = (rate * 9n) / 10n) {
    const epochs = left < DECAY_EPOCHS ? left : DECAY_EPOCHS;
    emitted += rate * epochs;
    left -= epochs;
  }
  return emitted;
}

/** What one epoch emits. */
export const emissionOf = (emission: bigint, epoch: bigint): bigint =>
  emittedBy(emission, epoch) - (epoch > 0n ? emittedBy(emission, epoch - 1n) : 0n);
