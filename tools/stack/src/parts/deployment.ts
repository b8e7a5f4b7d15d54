// The arena's contracts on a development chain: deployed at the first start, found again at every later one.
import { rmSync } from 'node:fs';
import { contractsOf, deployArena, type Deployment, NotDeployed, profiles, readDeployment } from '@arena/chain';
import { DEV_CHAIN_ID, ServerError } from '@arena/servers';
import { JsonRpcProvider, Wallet } from 'ethers';
import { chainWallets, demoWallets, fundedWallets } from '../core/wallets.js';

export interface DeploymentOptions {
  /** Where our own deployment is written. */
  own: string;
  chain: { url: string; chainId: number };
  /** Of a deployment that is there already, on a chain of yours. */
  file?: string | undefined;
  report(line: string): void;
}

export interface Deployed {
  file: string;
  deployment: Deployment;
  /** Who hands out test tokens: nobody on a chain that is not for development. */
  faucetKey: string | undefined;
}

const TOKENS = 100_000n * 10n ** 18n;
const ETHER = 1_000n * 10n ** 18n;

export async function ensureDeployment({ own, chain, file, report }: DeploymentOptions): Promise<Deployed> {
  if (file !== undefined) return { file, deployment: readDeployment(file), faucetKey: undefined };
  if (chain.chainId !== DEV_CHAIN_ID) {
    throw new ServerError(`RPC_URL is of chain ${chain.chainId}: say in DEPLOYMENT_FILE where the arena is on it`);
  }
  const deploy = () => deployDevelopment(chain, own);
  const { deployment, fresh } = await deploy().catch((error: unknown) => {
    if (!(error instanceof NotDeployed)) throw error;
    // The chain was killed before it had written itself down, or is another one than last time.
    report(`${error.message}; deploying again`);
    for (const left of [own, `${own}.unfinished`]) rmSync(left, { force: true });
    return deploy();
  });
  if (fresh) await fund(chain, deployment);
  return { file: own, deployment, faucetKey: chainWallets().holder.privateKey };
}

function deployDevelopment({ url, chainId }: DeploymentOptions['chain'], file: string) {
  const { deployer, holder, rewards } = chainWallets();
  const [admin = ''] = demoWallets().map(({ address }) => address);
  return deployArena({
    ...{ rpcUrl: url, chainId, key: deployer.privateKey, file, mine: true },
    parameters: profiles.development,
    roles: {
      genesisHolder: holder.address,
      ...{ proposers: [admin], executors: [admin], taskAdmins: [admin], guardians: [admin], caseOfficers: [admin] },
      // The admin too: for as long as rewards-service finalises no tasks by itself.
      ...{ finalisers: [rewards.address, admin], submitters: [rewards.address] },
    },
  });
}

/** Our own senders can pay for gas, and everybody who plays can stake at once. */
async function fund({ url, chainId }: DeploymentOptions['chain'], deployment: Deployment): Promise<void> {
  const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1 });
  const { deployer, holder, rewards } = chainWallets();
  try {
    const giver = new Wallet(deployer.privateKey, provider);
    for (const { address: to } of [holder, rewards]) await giver.sendTransaction({ to, value: ETHER });
    await provider.send('evm_mine', []);
    const { token } = contractsOf(deployment, new Wallet(holder.privateKey, provider));
    for (const { address } of fundedWallets()) await token.getFunction('transfer')(address, TOKENS);
    await provider.send('evm_mine', []);
  } finally {
    provider.destroy();
  }
}
