import type { TransactionLike } from 'ethers';

/** Who can sign for one address: an ethers Wallet fits as it is, and so does an adapter of an HSM or a KMS. */
export interface TransactionSigner {
  readonly address: string;
  /** The signed transaction, serialised, as hex. */
  signTransaction(transaction: TransactionLike<string>): Promise<string>;
}
