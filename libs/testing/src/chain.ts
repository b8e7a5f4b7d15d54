import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEV_MNEMONIC, leash, startAnvil } from '@arena/servers';

export interface TestChain {
  url: string;
  chainId: number;
  mnemonic: string;
  stop(): Promise<void>;
}

/** A chain of one's own: it starts in a fifth of a second, and tests that reorganise or turn the clock disturb nobody. */
export async function testChain(options: { blockTime?: number } = {}): Promise<TestChain> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-chain-'));
  leash.remove(folder);
  const { url, chainId, stop } = await startAnvil({ log: join(folder, 'anvil.log'), ...options });
  return {
    url,
    chainId,
    mnemonic: DEV_MNEMONIC,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
