// Each action of `decide`, done. Between two durable steps there is a crash point, and whatever is lost there is found
// again by the next look at the rows and the chain.
import { crashPoint, type Database } from '@arena/db';
import { getBytes, hexlify, keccak256, Transaction, type TransactionLike } from 'ethers';
import { z } from 'zod';
import { bigQuantity, toQuantity } from '../rpc/quantity.js';
import { roomFor } from '../room-for.js';
import { RpcError } from '../rpc/rpc-error.js';
import type { Rpc } from '../rpc/rpc.js';
import { canonicalHash, type Sight } from './chain-view.js';
import type { Action, Place } from './core/decide.js';
import type { Fees } from './core/fees.js';
import { finalTransaction } from './foreign.js';
import { isRevert, reasonOf } from './revert.js';
import type { Open } from './rows.js';
import type { TransactionSigner } from './signer.js';
import * as store from './store.js';

export interface Stand {
  database: Database;
  rpc: Rpc;
  signer: TransactionSigner;
  sender: store.Sender;
  /** For how long a call that would revert is tried again: what it needs may be on its way. */
  patienceMs: number;
  retryMs: number;
}

export async function perform(stand: Stand, open: Open, action: Action, sight: Sight, now: number): Promise<void> {
  const { id } = open.row;
  const { read } = stand.database;
  switch (action.do) {
    case 'wait':
      return;
    case 'reserve':
      return reserve(stand, open, sight, now);
    case 'sign':
      return sign(stand, open, action.fees);
    case 'broadcast':
      return broadcast(stand, open, action.hash);
    case 'mined':
      crashPoint('submitter.before-mined');
      return store.markMined(read, id, action.hash, action.block);
    case 'unmined':
      crashPoint('submitter.before-unmined');
      return store.markUnmined(read, id);
    case 'finish':
      return finish(stand, open, action);
    case 'prove-foreign':
      return proveForeign(stand, open, sight);
  }
}

const callOf = ({ sender }: Stand, { row }: Open) => ({
  from: sender.address,
  to: row.recipient,
  data: hexlify(row.data),
  value: toQuantity(row.value),
});

async function reserve(stand: Stand, open: Open, sight: Sight, now: number): Promise<void> {
  const { read } = stand.database;
  const { id, created_at } = open.row;
  try {
    const gas = await stand.rpc.call('eth_estimateGas', [callOf(stand, open), 'latest'], bigQuantity);
    crashPoint('submitter.before-reserve');
    await store.reserve(read, stand.sender, id, sight.used, roomFor(gas), sight.head);
    crashPoint('submitter.after-reserve');
  } catch (error) {
    if (!(error instanceof RpcError) || error.kind !== 'rpc-error') throw error;
    const final = isRevert(error) && now - created_at >= stand.patienceMs;
    if (final) await store.giveUp(read, id, reasonOf(error));
    else await store.postpone(read, id, stand.retryMs, reasonOf(error));
  }
}

async function sign(stand: Stand, open: Open, { maxFee, tip }: Fees): Promise<void> {
  const { row } = open;
  if (row.nonce === null || row.gas_limit === null) return;
  const transaction: TransactionLike<string> = {
    type: 2,
    chainId: stand.sender.chainId,
    nonce: row.nonce,
    to: row.recipient,
    data: hexlify(row.data),
    value: row.value,
    gasLimit: row.gas_limit,
    maxFeePerGas: maxFee,
    maxPriorityFeePerGas: tip,
  };
  const signed = await stand.signer.signTransaction(transaction);
  assertSigned(signed, transaction, stand.sender.address);
  crashPoint('submitter.before-store');
  const attempt = { hash: keccak256(signed), nonce: row.nonce, raw: getBytes(signed), maxFee, tip };
  await store.keepAttempt(stand.database, row.id, attempt);
  crashPoint('submitter.after-store');
  await give(stand, row.id, attempt.hash, signed);
}

/** The signer may be another machine: what it gave back must be what it was asked for. */
function assertSigned(signed: string, wanted: TransactionLike<string>, address: string): void {
  const got = Transaction.from(signed);
  const same = got.unsignedHash === Transaction.from(wanted).unsignedHash && got.from?.toLowerCase() === address;
  if (!same) throw new Error('the signer signed something else than it was asked to');
}

async function broadcast(stand: Stand, open: Open, hash: string): Promise<void> {
  const attempt = open.attempts.find(each => each.hash === hash);
  if (attempt) await give(stand, open.row.id, hash, hexlify(attempt.raw));
}

/** Whether a node took it is told by the chain alone: a refusal may be of bytes it has already, a silence of bytes it took. */
async function give(stand: Stand, id: string, hash: string, raw: string): Promise<void> {
  let reason: string | null = null;
  try {
    await stand.rpc.call('eth_sendRawTransaction', [raw], z.string());
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    reason = error.message;
  }
  crashPoint('submitter.after-broadcast');
  await store.markBroadcast(stand.database.read, id, hash, reason);
}

async function finish(stand: Stand, open: Open, end: { hash: string; block: Place; succeeded: boolean }) {
  // A receipt may come from a node that still holds a dead fork.
  if ((await canonicalHash(stand.rpc, end.block.number)) !== end.block.hash) return;
  const failure = end.succeeded ? null : await reasonOfFailure(stand, open, end.block);
  crashPoint('submitter.before-finish');
  await store.finish(stand.database.read, open.row.id, end.hash, end.block, failure);
}

/** Played again on the state before its block, as near as one gets to what it met. */
async function reasonOfFailure(stand: Stand, open: Open, block: Place): Promise<string> {
  const gas = toQuantity(open.row.gas_limit ?? 0n);
  try {
    const call = { ...callOf(stand, open), gas };
    await stand.rpc.call('eth_call', [call, toQuantity(block.number - 1)], z.string());
    return 'reverted';
  } catch (error) {
    if (error instanceof RpcError && isRevert(error)) return reasonOf(error);
    return 'reverted';
  }
}

async function proveForeign(stand: Stand, { row }: Open, { finalised }: Sight): Promise<void> {
  if (row.nonce === null) return;
  const since = row.reserved_block ?? finalised;
  const { address } = stand.sender;
  const hash = await finalTransaction(stand.rpc, address, row.nonce, { since, finalised });
  const [ours] = await stand.database.read.query('select hash from chain_attempts where hash = $1', [hash]);
  // Ours, and the node that was asked for its receipt was behind.
  if (ours) return;
  crashPoint('submitter.before-release');
  await store.release(stand.database.read, row.id, row.nonce);
}
