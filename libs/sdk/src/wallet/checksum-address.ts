import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex } from '@noble/hashes/utils';

/** The mixed-case form (EIP-55) that a sign-in message must carry. */
export function checksumAddress(address: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new TypeError(`Not an address: ${address}`);
  const digits = address.slice(2).toLowerCase();
  const hash = bytesToHex(keccak_256(digits));
  return `0x${Array.from(digits, (digit, i) => (Number.parseInt(hash[i] ?? '', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}
