// The rows of the submitter's tables, as its decisions see them.
import { z } from 'zod';
import type { Attempt, Intent } from './core/decide.js';

export const intentStatuses = ['waiting', 'reserved', 'sent', 'mined', 'done', 'failed'] as const;

const small = z.bigint().transform(Number);
const amount = z.string().transform(BigInt);
const moment = z.date().transform(date => date.getTime());

export const AttemptRow = z.object({
  intent_id: z.string(),
  hash: z.string(),
  nonce: small,
  raw: z.instanceof(Uint8Array),
  max_fee: amount,
  tip: amount,
  signed_at: moment,
  broadcast_at: moment.nullable(),
});
export type AttemptRow = z.output<typeof AttemptRow>;

export const IntentRow = z.object({
  id: z.string(),
  key: z.string(),
  recipient: z.string(),
  data: z.instanceof(Uint8Array),
  value: amount,
  status: z.enum(['waiting', 'reserved', 'sent', 'mined']),
  nonce: small.nullable(),
  gas_limit: z.bigint().nullable(),
  reserved_block: small.nullable(),
  block_number: small.nullable(),
  block_hash: z.string().nullable(),
  hash: z.string().nullable(),
  try_at: moment,
  created_at: moment,
});
export type IntentRow = z.output<typeof IntentRow>;

/** An open intent with the attempts of the nonce that it holds. */
export interface Open {
  row: IntentRow;
  attempts: readonly AttemptRow[];
  state: Intent;
}

export function openOf(row: IntentRow, all: readonly AttemptRow[]): Open {
  const attempts = all.filter(({ intent_id, nonce }) => intent_id === row.id && nonce === row.nonce);
  return { row, attempts, state: stateOf(row, attempts.map(attemptOf)) };
}

const attemptOf = ({ hash, nonce, max_fee, tip, signed_at, broadcast_at }: AttemptRow): Attempt => ({
  ...{ hash, nonce, tip, maxFee: max_fee },
  ...{ signedAt: signed_at, broadcastAt: broadcast_at },
});

function stateOf(row: IntentRow, attempts: readonly Attempt[]): Intent {
  const { status, nonce, try_at: tryAt, hash, block_number, block_hash } = row;
  if (status === 'waiting' || nonce === null) return { status: 'waiting', tryAt };
  if (status === 'reserved') return { status, nonce, tryAt };
  if (status === 'mined' && hash !== null && block_number !== null && block_hash !== null) {
    return { status, nonce, attempts, hash, block: { number: block_number, hash: block_hash } };
  }
  return { status: 'sent', nonce, attempts, tryAt };
}
