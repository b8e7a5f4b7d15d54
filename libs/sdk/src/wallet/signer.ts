// The least that a wallet must be able to do. An ethers Wallet or Signer fits as it is.

export type WithAddress = { readonly address: string } | { getAddress(): Promise<string> };

export type TextSigner = WithAddress & { signMessage(message: string): Promise<string> };

export type TypedDataFields = Record<string, { name: string; type: string }[]>;

export type TypedDataSigner = WithAddress & {
  signTypedData(
    domain: { name: string; version: string; chainId: number },
    types: TypedDataFields,
    value: Record<string, unknown>,
  ): Promise<string>;
};

export const addressOf = async (wallet: WithAddress): Promise<string> =>
  'getAddress' in wallet ? wallet.getAddress() : wallet.address;
