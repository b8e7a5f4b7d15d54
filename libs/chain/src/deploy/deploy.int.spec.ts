import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testChain, type TestChain } from '@arena/testing';
import { HDNodeWallet, JsonRpcProvider, Wallet } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ended, start } from '../fixture/processes.js';
import { contractsOf, deployArena, profiles, readDeployment, type DeployOptions, type Roles } from '../index.js';
import { everythingTo } from './read-settings.js';

let chain: TestChain;
let provider: JsonRpcProvider;
let folder: string;
let options: DeployOptions;
let deployer: string;
let holder: string;
const keyOf = (index: number) => HDNodeWallet.fromPhrase(chain.mnemonic, undefined, `m/44'/60'/0'/0/${index}`);

beforeEach(async () => {
  chain = await testChain();
  folder = await mkdtemp(join(tmpdir(), 'arena-deploy-'));
  provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true, cacheTimeout: -1 });
  [deployer, holder] = [keyOf(0).address.toLowerCase(), keyOf(1).address.toLowerCase()];
  options = {
    ...{ rpcUrl: chain.url, chainId: chain.chainId, key: keyOf(0).privateKey, file: join(folder, 'deployment.json') },
    ...{ parameters: profiles.development, roles: everythingTo(holder) },
  };
});
afterEach(async () => {
  provider.destroy();
  await chain.stop();
  await rm(folder, { recursive: true });
});

const transactions = () => provider.getTransactionCount(deployer);

it('leaves the deployer without any right, and everything to the timelock and the roles', async () => {
  const { deployment, fresh } = await deployArena(options);
  expect(fresh).toBe(true);
  expect(readDeployment(options.file)).toEqual(deployment);
  const asDeployer = contractsOf(deployment, new Wallet(options.key, provider));
  const refusals = [
    asDeployer.token.getFunction('setDistributor').staticCall(deployer),
    asDeployer.escrow.getFunction('setMinimumLock').staticCall(1),
    asDeployer.registry.getFunction('create').staticCall(1, 0),
    asDeployer.distributor.getFunction('setActivationDelay').staticCall(1),
    asDeployer.staking.getFunction('setMinimum').staticCall(0, 0, 1),
    asDeployer.timelock.getFunction('updateDelay').staticCall(1),
  ];
  for (const refused of refusals) await expect(refused).rejects.toThrow();
  const { token } = contractsOf(deployment, provider);
  expect(await token.getFunction('balanceOf')(holder)).toBe(profiles.development.genesisSupply);
  expect(existsSync(`${options.file}.unfinished`)).toBe(false);
});

it('does nothing but look where the arena is already', async () => {
  const before = await deployArena(options);
  const sent = await transactions();
  expect(await deployArena(options)).toEqual({ deployment: before.deployment, fresh: false });
  expect(await transactions()).toBe(sent);
});

it('does not believe a file that does not fit the chain', async () => {
  const { deployment } = await deployArena(options);
  const moved = { ...deployment, contracts: { ...deployment.contracts, token: deployer } };
  await writeFile(options.file, JSON.stringify(moved));
  await expect(deployArena(options)).rejects.toThrow(/does not fit the chain: no token at/);
});

describe('a deployment that is killed', { timeout: 60_000 }, () => {
  it.each([
    'deploy.begun:1',
    'deploy.signed:1',
    'deploy.sent:4',
    'deploy.signed:9',
    'deploy.sent:20',
    'deploy.checked:1',
  ])('at %s is continued by the next run, and every transaction is sent once', async crashAt => {
    const child = start('deploy', {
      ...{ RPC_URL: chain.url, CHAIN_ID: String(chain.chainId), FILE: options.file, CRASH_AT: crashAt },
      ...{ DEPLOYER_KEY: options.key, HOLDER_KEY: keyOf(1).privateKey },
    });
    expect(await ended(child)).toBe('SIGKILL');
    expect(existsSync(options.file)).toBe(false);
    const lines: string[] = [];
    await deployArena({ ...options, report: line => lines.push(line) });
    expect(lines[0]).toBe('continuing an unfinished deployment');
    // Six contracts, five wires, a role each for five lists, and eight to give all away.
    expect(await transactions()).toBe(24);
  });

  it('starts afresh when somebody else has used its nonces meanwhile', async () => {
    const child = start('deploy', {
      ...{ RPC_URL: chain.url, CHAIN_ID: String(chain.chainId), FILE: options.file, CRASH_AT: 'deploy.sent:4' },
      ...{ DEPLOYER_KEY: options.key, HOLDER_KEY: keyOf(1).privateKey },
    });
    await ended(child);
    const journal = JSON.parse(readFileSync(`${options.file}.unfinished`, 'utf8')) as { firstNonce: number };
    await new Wallet(options.key, provider).sendTransaction({ to: holder, value: 1n });
    const lines: string[] = [];
    await deployArena({ ...options, report: line => lines.push(line) });
    expect(lines[0]).toBe('what was begun cannot be continued: starting afresh');
    expect(await transactions()).toBe(journal.firstNonce + 5 + 24);
  });

  it('starts afresh when it is to be another one', async () => {
    const child = start('deploy', {
      ...{ RPC_URL: chain.url, CHAIN_ID: String(chain.chainId), FILE: options.file, CRASH_AT: 'deploy.sent:2' },
      ...{ DEPLOYER_KEY: options.key, HOLDER_KEY: keyOf(1).privateKey },
    });
    await ended(child);
    const roles: Roles = { ...options.roles, guardians: [deployer] };
    const { deployment } = await deployArena({ ...options, roles });
    expect(deployment.contracts.timelock).not.toBe('');
    expect(await transactions()).toBe(2 + 24);
  });
});
