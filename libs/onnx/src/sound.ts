import type { Part } from './canonical/message.js';

declare const sound: unique symbol;

/** A model that nothing speaks against, ready to be written; only `inspect` makes one. */
export interface SoundModel {
  readonly [sound]: true;
  readonly parts: readonly Part[];
  /** Bytes of the canonical form, without padding. */
  readonly size: number;
}

export const soundModel = (parts: readonly Part[], size: number): SoundModel => ({ parts, size }) as SoundModel;
