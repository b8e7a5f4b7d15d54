import { BrowserProvider, type Signer } from 'ethers';
import type { Eip1193Provider } from '../wallet/injected.js';

/** An ethers signer that is connected to a node, or a wallet in the browser. */
export type ChainWallet = Signer | { readonly provider: Eip1193Provider; readonly address?: string };

export async function signerOf(wallet: ChainWallet): Promise<Signer> {
  if ('sendTransaction' in wallet) return wallet;
  return new BrowserProvider(wallet.provider).getSigner(wallet.address);
}
