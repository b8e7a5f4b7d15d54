// What to do next about one intent, from what is written and what the chain shows. Pure, so that any order of blocks,
// forks, silences and deaths can be tried in a test.
//
//   intent    something that is to happen on chain exactly once
//   attempt   one signed transaction for it; several share a nonce, so at most one of those is ever mined
//   final     so deep that the chain's rules forbid it to change
import { bumpedFees, type FeeLimits, type Fees, firstFees, type Market } from './fees.js';

export interface Attempt extends Fees {
  hash: string;
  nonce: number;
  /** Milliseconds, as all times here. */
  signedAt: number;
  broadcastAt: number | null;
}

export interface Place {
  number: number;
  hash: string;
}

/** Attempts are those of the nonce it holds now, the oldest first. */
export type Intent =
  | { status: 'waiting'; tryAt: number }
  | { status: 'reserved'; nonce: number; tryAt: number }
  | { status: 'sent'; nonce: number; attempts: readonly Attempt[]; tryAt: number }
  | { status: 'mined'; nonce: number; attempts: readonly Attempt[]; hash: string; block: Place };

export interface Receipt {
  hash: string;
  block: Place;
  succeeded: boolean;
}

export interface ChainView {
  market: Market;
  /** Height of the newest final block. */
  finalised: number;
  /** How many transactions of the sender are final: nonces below it are used for good. */
  finalCount: number;
  /** Of the hashes that the open intents know. */
  receipts: ReadonlyMap<string, Receipt>;
}

export interface Settings extends FeeLimits {
  rebroadcastMs: number;
  /** How long an attempt is given before it is replaced by one that offers more. */
  bumpMs: number;
}

export type Action =
  | { do: 'wait' }
  /** Estimate its gas and reserve the next nonce for it. */
  | { do: 'reserve' }
  | { do: 'sign'; fees: Fees }
  /** Give a node the same bytes again. */
  | { do: 'broadcast'; hash: string }
  | { do: 'mined'; hash: string; block: Place }
  /** A reorganisation took its block. */
  | { do: 'unmined' }
  | { do: 'finish'; hash: string; block: Place; succeeded: boolean }
  /** Its nonce is used for good, and by none of its hashes as far as is seen: find the transaction that did. */
  | { do: 'prove-foreign' };

const wait: Action = { do: 'wait' };

export function decide(intent: Intent, view: ChainView, settings: Settings, now: number): Action {
  switch (intent.status) {
    case 'waiting':
      return now < intent.tryAt || !firstFees(view.market, settings) ? wait : { do: 'reserve' };
    case 'reserved':
      return decideReserved(intent, view, settings, now);
    case 'sent':
      return decideSent(intent, view, settings, now);
    case 'mined':
      return decideMined(intent, view);
  }
}

type Of<S extends Intent['status']> = Extract<Intent, { status: S }>;

function decideReserved({ nonce, tryAt }: Of<'reserved'>, view: ChainView, settings: Settings, now: number): Action {
  if (view.finalCount > nonce) return { do: 'prove-foreign' };
  const fees = firstFees(view.market, settings);
  return now < tryAt || !fees ? wait : { do: 'sign', fees };
}

function decideSent(intent: Of<'sent'>, view: ChainView, settings: Settings, now: number): Action {
  const { nonce, attempts, tryAt } = intent;
  const receipt = receiptOf(attempts, view);
  if (receipt) return view.finalised >= receipt.block.number ? finish(receipt) : mined(receipt);
  if (view.finalCount > nonce) return { do: 'prove-foreign' };
  const last = attempts.at(-1);
  if (!last) return wait;
  if (last.broadcastAt === null) return { do: 'broadcast', hash: last.hash };
  if (now < tryAt) return wait;
  const fees = now - last.signedAt >= settings.bumpMs ? bumpedFees(last, view.market, settings) : undefined;
  if (fees) return { do: 'sign', fees };
  return now - last.broadcastAt >= settings.rebroadcastMs ? { do: 'broadcast', hash: last.hash } : wait;
}

function decideMined({ attempts, block }: Of<'mined'>, view: ChainView): Action {
  const receipt = receiptOf(attempts, view);
  if (!receipt) return { do: 'unmined' };
  if (view.finalised >= receipt.block.number) return finish(receipt);
  return receipt.block.hash === block.hash ? wait : mined(receipt);
}

const receiptOf = (attempts: readonly Attempt[], view: ChainView): Receipt | undefined =>
  attempts.map(({ hash }) => view.receipts.get(hash)).find(receipt => receipt !== undefined);

const mined = ({ hash, block }: Receipt): Action => ({ do: 'mined', hash, block });
const finish = ({ hash, block, succeeded }: Receipt): Action => ({ do: 'finish', hash, block, succeeded });
