import { sha256 } from '@noble/hashes/sha256';
import { bytesToHex } from '@noble/hashes/utils';

export interface RunningHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** A SHA-256 fed piece by piece, which browsers lack. In Node `nativeHash` of `@arena/sdk/node` is several times faster. */
export type NewHash = () => RunningHash;

export const portableHash: NewHash = () => sha256.create();

export const hexOf = (hash: RunningHash): string => bytesToHex(hash.digest());
