import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { type ArenaChain, testArenaChain } from '@arena/testing';
import { Contract, ContractFactory, type ContractTransactionResponse, type InterfaceAbi, Wallet } from 'ethers';

const ONE = 10n ** 18n;
const accounts = 400;
const perTransaction = 200;
/** The first stake must be the minimum; the ones after it may be anything. */
const first = 100n * ONE;
const more = ONE / 1_000n;
const transactionsPerBlock = 10;

interface Compiled {
  abi: InterfaceAbi;
  bytecode: string;
}

/** By npm's solc, because nothing of the bench belongs into the build of the contracts. */
function compiled(name: string): Compiled {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };
  const content = readFileSync(new URL('../../../contracts/test/bench/StakeMany.sol', import.meta.url), 'utf8');
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'StakeMany.sol': { content } },
        settings: {
          evmVersion: 'cancun',
          optimizer: { enabled: true },
          outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
        },
      }),
    ),
  ) as { contracts: Record<string, Record<string, { abi: InterfaceAbi; evm: { bytecode: { object: string } } }>> };
  const found = output.contracts['StakeMany.sol']?.[name];
  if (!found) throw new Error(`${name} does not compile: ${JSON.stringify(output)}`);
  return { abi: found.abi, bytecode: found.evm.bytecode.object };
}

export interface StakedChain extends ArenaChain {
  /** The blocks that hold the events. */
  readonly from: number;
  readonly to: number;
}

/** A local chain with at least so many real StakeChanged events of several hundred accounts, all of them final. */
export async function stakedChain(events: number, progress: (line: string) => void): Promise<StakedChain> {
  const chain = await testArenaChain();
  const { provider, deployment, purses } = chain;
  const { token, escrow, staking } = deployment.contracts;
  const move = async (name: string, ...args: readonly unknown[]) => {
    const sent = (await chain.as('admin').registry.getFunction(name)(1, ...args)) as ContractTransactionResponse;
    await sent.wait();
  };
  await move('create', 0);
  await move('verify');
  const { timestamp } = (await provider.getBlock('latest')) as { timestamp: number };
  const spec = `0x${'11'.repeat(32)}`;
  await move('open', spec, timestamp + 60, timestamp + 1e6, timestamp + 2e6);
  await chain.pass(120);

  await provider.send('anvil_setBlockGasLimit', ['0x1dcd65000']);
  await provider.send('evm_setAutomine', [false]);
  const holder = new Wallet(purses.holder.privateKey, provider);
  let nonce = await holder.getNonce();
  const overrides = () => ({ nonce: nonce++, gasLimit: 15_000_000n });
  const { abi, bytecode } = compiled('StakeMany');
  const made = await new ContractFactory(abi, bytecode, holder).deploy(token, escrow, staking, overrides());
  const many = new Contract(await made.getAddress(), abi, holder);
  await chain.as('holder').token.getFunction('approve')(many, 2n ** 255n, overrides());
  await chain.mine();
  for (let i = 0; i < accounts; i += 20) await many.getFunction('open')(20, 10_000n * ONE, overrides());
  await chain.mine();
  const from = await provider.getBlockNumber();
  for (let i = 0; i < accounts; i += 50) await many.getFunction('stake')(1, i, 50, first, 1, overrides());
  await chain.mine();

  const rounds = Math.ceil(events / accounts);
  const times = perTransaction / 4;
  let sent = 0;
  for (let done = 0; done < rounds; done += times) {
    for (let i = 0; i < accounts; i += 4) {
      await many.getFunction('stake')(1, i, 4, more, Math.min(times, rounds - done), overrides());
      if (++sent % transactionsPerBlock === 0) await chain.mine();
    }
    progress(`staked ${Math.min(done + times, rounds) * accounts} times`);
  }
  await chain.mine(4);
  return { ...chain, from: from + 1, to: await provider.getBlockNumber() };
}
