import { addressOf, type TypedDataSigner } from './signer.js';

export interface ReceiptKeyAuthorisation {
  chainId: number;
  /** Address of the key that is to sign receipts; never the wallet's own. */
  key: string;
  expiresAt: Date;
}

const types = {
  ReceiptKey: [
    { name: 'account', type: 'address' },
    { name: 'key', type: 'address' },
    { name: 'expiresAt', type: 'uint64' },
  ],
};

/** The wallet's word (EIP-712) that a key may sign receipts for it, as `keys.create` takes it. */
export async function authoriseReceiptKey(
  wallet: TypedDataSigner,
  { chainId, key, expiresAt }: ReceiptKeyAuthorisation,
): Promise<{ address: string; expiresAt: string; signature: string }> {
  const value = {
    account: (await addressOf(wallet)).toLowerCase(),
    key: key.toLowerCase(),
    expiresAt: BigInt(Math.floor(expiresAt.getTime() / 1_000)),
  };
  const signature = await wallet.signTypedData({ name: 'Arena', version: '1', chainId }, types, value);
  return { address: value.key, expiresAt: expiresAt.toISOString(), signature };
}
