import type { TypedData } from './signatures.js';

/** What a wallet signs to let another key sign its receipts. */
export const receiptKeyData = (chainId: number, account: string, key: string, expiresAt: Date): TypedData => ({
  domain: { name: 'Arena', version: '1', chainId },
  types: {
    ReceiptKey: [
      { name: 'account', type: 'address' },
      { name: 'key', type: 'address' },
      { name: 'expiresAt', type: 'uint64' },
    ],
  },
  value: { account, key, expiresAt: BigInt(Math.floor(expiresAt.getTime() / 1_000)) },
});
