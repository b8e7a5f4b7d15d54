import {
  callData, contractsOf, interfaceOf, type abis, type ArgumentsOf, type ContractName, type Deployment, type FunctionName, roomFor,
} from '@arena/chain/contracts'; // prettier-ignore
import type { LogDescription, Signer, TransactionReceipt } from 'ethers';
import { ArenaError } from '../error.js';
import { refusal } from './refusal.js';
import { type ChainWallet, signerOf } from './wallet.js';

export interface Happened {
  name: string;
  args: Readonly<Record<string, unknown>>;
}

export interface Done {
  hash: string;
  block: number;
  /** What the arena's contracts said of it. */
  events: readonly Happened[];
}

/** What the call takes from the wallet: of which token, for which contract to take. */
export interface Spends {
  token: 'token' | 'escrow';
  spender: ContractName;
  amount: bigint;
}

export interface ActOptions {
  deployment: Deployment;
  wallet: ChainWallet;
  /** Blocks to wait for, the first included. */
  confirmations?: number | undefined;
  /** Told the hash as soon as there is one. */
  onSent?: ((hash: string, what: string) => void) | undefined;
}

/** Approves what is missing, sends the call, waits for its block. Refusals are told before gas is spent on them. */
export type Act = <C extends ContractName, N extends FunctionName<(typeof abis)[C]>>(
  contract: C,
  name: N,
  args: ArgumentsOf<(typeof abis)[C], N>,
  spends?: Spends,
) => Promise<Done>;

export function actWith({ deployment, wallet, confirmations = 1, onSent }: ActOptions): Act {
  const { contracts } = deployment;
  // ethers answers from a cache for a quarter of a second, in which a fast chain has mined what was sent before.
  let nextNonce = 0;

  const send = async (signer: Signer, contract: ContractName, data: string, what: string): Promise<Done> => {
    try {
      // A wallet in the browser counts for itself.
      const nonce = signer === wallet ? Math.max(nextNonce, await signer.getNonce('pending')) : null;
      const call = { to: contracts[contract], data };
      const gasLimit = roomFor(await signer.estimateGas(call));
      const sent = await signer.sendTransaction({ ...call, gasLimit, ...(nonce !== null && { nonce }) });
      onSent?.(sent.hash, what);
      const receipt = await sent.wait(confirmations);
      nextNonce = sent.nonce + 1;
      if (!receipt) throw new ArenaError('client/chain', { title: 'The transaction was not seen in a block' });
      return { hash: receipt.hash, block: receipt.blockNumber, events: eventsOf(receipt, deployment) };
    } catch (error) {
      throw refusal(await withReason(error, signer, { to: contracts[contract], data }), contract);
    }
  };

  return async (contract, name, args, spends) => {
    const signer = await ready(wallet, deployment);
    if (spends && spends.amount > 0n) await approve(signer, deployment, spends, send);
    return send(signer, contract, callData(contract, name, args), name);
  };
}

/** A transaction that was mined and reverted tells no reason; asked again on the state after its block, mostly there is one. */
async function withReason(error: unknown, signer: Signer, call: { to: string; data: string }): Promise<unknown> {
  const { receipt } = error as { receipt?: TransactionReceipt };
  if (!receipt || !signer.provider) return error;
  const again = signer.provider.call({ ...call, from: receipt.from, blockTag: receipt.blockNumber });
  return again.then(
    () => error,
    (reason: unknown) => reason,
  );
}

async function ready(wallet: ChainWallet, { chainId }: Deployment): Promise<Signer> {
  const signer = await signerOf(wallet).catch((error: unknown) => {
    throw refusal(error, 'token');
  });
  const network = await signer.provider?.getNetwork().catch((error: unknown) => {
    throw refusal(error, 'token');
  });
  if (network === undefined) throw new ArenaError('client/chain', { title: 'The wallet is connected to no node' });
  if (network.chainId === BigInt(chainId)) return signer;
  const detail = `it is of chain ${network.chainId}, the arena of chain ${chainId}`;
  throw new ArenaError('client/chain', { title: 'The wallet is of another chain', detail });
}

type Send = (signer: Signer, contract: ContractName, data: string, what: string) => Promise<Done>;

/** Exactly what is spent: a contract that turns out to be wrong can then take nothing more. */
async function approve(signer: Signer, deployment: Deployment, spends: Spends, send: Send): Promise<void> {
  const { token, spender, amount } = spends;
  const target = deployment.contracts[spender];
  const allowance = contractsOf(deployment, signer)[token].getFunction('allowance');
  const allowed = (await allowance(await signer.getAddress(), target).catch((error: unknown) => {
    throw refusal(error, token);
  })) as bigint;
  if (allowed < amount) await send(signer, token, callData(token, 'approve', [target, amount]), 'approve');
}

function eventsOf({ logs }: TransactionReceipt, { contracts }: Deployment): Happened[] {
  return logs.flatMap(log => {
    const [name] = Object.entries(contracts).find(([, address]) => address === log.address.toLowerCase()) ?? [];
    const parsed: LogDescription | null = name ? interfaceOf(name as ContractName).parseLog(log) : null;
    return parsed ? [{ name: parsed.name, args: parsed.args.toObject() }] : [];
  });
}
