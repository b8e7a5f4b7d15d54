// The words of the chain, as the rest of the indexer speaks them: parsed, and with numbers where numbers are.

export interface Place {
  readonly number: number;
  readonly hash: string;
}

export interface Header extends Place {
  readonly parentHash: string;
  /** Unix seconds. */
  readonly at: number;
  /** The 256 bytes in which each log of the block has left its mark. */
  readonly bloom: Uint8Array;
}

export interface Log {
  readonly block: number;
  readonly blockHash: string;
  /** Of the log within the whole block. */
  readonly index: number;
  readonly transaction: string;
  readonly transactionIndex: number;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}
