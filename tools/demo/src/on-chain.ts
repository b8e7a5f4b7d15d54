// The chain as a wallet sees it: the arena says where its contracts are, and which node wallets may use.
import type { Client } from '@arena/sdk';
import { arenaOnChain, type ArenaOnChain, Deployment } from '@arena/sdk/chain';
import { type HDNodeWallet, JsonRpcProvider } from 'ethers';

export interface OnChain {
  as(wallet: HDNodeWallet): ArenaOnChain;
  /** The time of the newest block, in unix seconds: contracts know no other. */
  now(): Promise<number>;
  close(): void;
}

const LOOK_EVERY_MS = 300;

export async function onChain(client: Client, signal: AbortSignal): Promise<OnChain> {
  const { chainId, startBlock, contracts, rpc } = await client.call('chain.status', { signal });
  const url = process.env['RPC_URL'] ?? rpc;
  if (!url) throw new Error('The arena names no node that wallets may use: set RPC_URL to one of its chain');
  const deployment = Deployment.parse({ chainId, startBlock, contracts });
  const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, pollingInterval: LOOK_EVERY_MS });
  const known = new Map<string, ArenaOnChain>();
  return {
    as(wallet) {
      const arena = known.get(wallet.address) ?? arenaOnChain({ deployment, wallet: wallet.connect(provider) });
      known.set(wallet.address, arena);
      return arena;
    },
    async now() {
      const block = await provider.getBlock('latest');
      if (!block) throw new Error('The node knows no block');
      return block.timestamp;
    },
    close: () => provider.destroy(),
  };
}
