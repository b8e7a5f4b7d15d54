import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Contracts, contractsOf, deployArena, type Deployment, type Parameters, profiles } from '@arena/chain';
import { leash } from '@arena/servers';
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Wallet } from 'ethers';
import { testChain, type TestChain } from './chain.js';

/**
 * `admin` runs tasks and cases and governs the timelock, `rewards` submits roots and finalises, `guardian` disables
 * roots, `holder` has what is left of the genesis supply.
 */
const actors = ['admin', 'trainer', 'validator', 'delegator', 'rewards', 'guardian', 'reporter', 'holder', 'deployer'] as const; // prettier-ignore
export type Actor = (typeof actors)[number];

export interface Purse {
  address: string;
  privateKey: string;
}

export interface ArenaChain extends TestChain {
  deployment: Deployment;
  purses: Record<Actor, Purse>;
  provider: JsonRpcProvider;
  /** The contracts as that actor. One call after the other: the node counts the nonces. */
  as(actor: Actor): Contracts;
  mine(blocks?: number): Promise<void>;
  /** Moves the clock of the chain, and mines. */
  pass(seconds: number): Promise<void>;
}

export interface ArenaChainOptions {
  /** Seconds between blocks once all is deployed; without it a block for each transaction. */
  blockTime?: number;
  parameters?: Partial<Parameters>;
}

const ONE = 10n ** 18n;
const FUNDED: readonly Actor[] = ['admin', 'trainer', 'validator', 'delegator', 'rewards'];

const purseOf = (mnemonic: string, index: number): Purse => {
  const { address, privateKey } = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(mnemonic), `m/44'/60'/0'/0/${index}`);
  return { address: address.toLowerCase(), privateKey };
};

/** A chain of one's own on which the arena is deployed, with wallets that hold its roles, ether and a million tokens. */
export async function testArenaChain(options: ArenaChainOptions = {}): Promise<ArenaChain> {
  const chain = await testChain();
  const folder = await mkdtemp(join(tmpdir(), 'arena-deployment-'));
  leash.remove(folder);
  const purses = Object.fromEntries(
    actors.map((actor, n) => [actor, purseOf(chain.mnemonic, n)]),
  ) as ArenaChain['purses'];
  const provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 50;
  const { admin, rewards, guardian, holder, deployer } = purses;
  const { deployment } = await deployArena({
    rpcUrl: chain.url,
    chainId: chain.chainId,
    key: deployer.privateKey,
    file: join(folder, 'deployment.json'),
    parameters: { ...profiles.development, ...options.parameters },
    roles: {
      genesisHolder: holder.address,
      ...{ proposers: [admin.address], executors: [admin.address] },
      ...{ taskAdmins: [admin.address], caseOfficers: [admin.address] },
      ...{ finalisers: [rewards.address], submitters: [rewards.address], guardians: [guardian.address] },
    },
  });
  const signers = new Map<Actor, Contracts>();
  const as = (actor: Actor): Contracts => {
    const signer = new Wallet(purses[actor].privateKey, provider);
    const contracts = signers.get(actor) ?? contractsOf(deployment, signer);
    signers.set(actor, contracts);
    return contracts;
  };
  const transfer = as('holder').token.getFunction('transfer');
  for (const actor of FUNDED) await transfer(purses[actor].address, 1_000_000n * ONE);
  if (options.blockTime !== undefined) {
    await provider.send('evm_setAutomine', [false]);
    await provider.send('evm_setIntervalMining', [options.blockTime]);
  }
  const mine = async (blocks = 1) => void (await provider.send('anvil_mine', [`0x${blocks.toString(16)}`]));
  return {
    ...chain,
    deployment,
    purses,
    provider,
    as,
    mine,
    pass: async seconds => {
      await provider.send('evm_increaseTime', [seconds]);
      await mine();
    },
    stop: async () => {
      provider.destroy();
      await chain.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
