// What the submitter writes. Each statement names the state that it expects, so that a sender that lost its lock without
// knowing it changes nothing.
import { select, type Database, type Sql } from '@arena/db';
import type { Place } from './core/decide.js';
import type { Fees } from './core/fees.js';
import { AttemptRow, IntentRow, openOf, type Open } from './rows.js';

export interface Sender {
  chainId: number;
  address: string;
}

/** The state was not the expected one: somebody else sends with this key. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

async function one(sql: Sql, text: string, values: readonly unknown[]): Promise<void> {
  const rows = await sql.query(`${text} returning id`, values);
  if (rows.length !== 1) throw new NotOurs('the intent was changed by somebody else');
}

const columns = `id::text, key, recipient, data, value, status, nonce, gas_limit, reserved_block, block_number, block_hash,
  hash, try_at, created_at`;

/** The oldest first; those that hold a nonce always, of the others at most so many. */
export async function openIntents(sql: Sql, { chainId, address }: Sender, most: number): Promise<Open[]> {
  const rows = await select(
    sql,
    IntentRow,
    `select ${columns} from chain_intents
     where chain_id = $1 and sender = $2 and status not in ('done', 'failed')
     order by status = 'waiting', try_at > now(), id limit $3`,
    [chainId, address, most],
  );
  const attempts = await select(
    sql,
    AttemptRow,
    `select intent_id::text, hash, nonce, raw, max_fee, tip, signed_at, broadcast_at from chain_attempts
     where intent_id = any($1) order by signed_at, hash`,
    [rows.map(({ id }) => id)],
  );
  return rows.map(row => openOf(row, attempts));
}

/**
 * The lowest nonce that the chain has not used and no intent holds: a hole that a reorganisation left is filled by the
 * next intent, because everything behind it waits.
 */
export const reserve = (sql: Sql, { chainId, address }: Sender, id: string, used: number, gas: bigint, head: number) =>
  one(
    sql,
    `update chain_intents set status = 'reserved', gas_limit = $5, reserved_block = $6, reason = null, changed_at = now(),
       nonce = (
         select n from generate_series($4::bigint, greatest($4::bigint,
           (select max(nonce) + 1 from chain_intents where chain_id = $2 and sender = $3))) n
         where not exists (select from chain_intents where chain_id = $2 and sender = $3 and nonce = n)
         order by n limit 1)
     where id = $1 and status = 'waiting'`,
    [id, chainId, address, used, gas, head],
  );

export interface Signed extends Fees {
  hash: string;
  nonce: number;
  raw: Uint8Array;
}

/** With its bytes, before any node has seen them. */
export const keepAttempt = (database: Database, id: string, { hash, nonce, raw, maxFee, tip }: Signed) =>
  database.transaction(async tx => {
    await one(
      tx,
      `update chain_intents set status = 'sent', changed_at = now()
       where id = $1 and nonce = $2 and status in ('reserved', 'sent')`,
      [id, nonce],
    );
    await tx.query(
      `insert into chain_attempts (hash, intent_id, nonce, raw, max_fee, tip) values ($1, $2, $3, $4, $5, $6)`,
      [hash, id, nonce, raw, maxFee, tip],
    );
  });

export async function markBroadcast(sql: Sql, id: string, hash: string, reason: string | null): Promise<void> {
  await sql.query(`update chain_attempts set broadcast_at = now() where hash = $1`, [hash]);
  await sql.query(`update chain_intents set reason = $2 where id = $1 and status = 'sent'`, [id, reason]);
}

export const markMined = (sql: Sql, id: string, hash: string, block: Place) =>
  one(
    sql,
    `update chain_intents set status = 'mined', hash = $2, block_number = $3, block_hash = $4, reason = null,
       changed_at = now() where id = $1 and status in ('sent', 'mined')`,
    [id, hash, block.number, block.hash],
  );

export const markUnmined = (sql: Sql, id: string) =>
  one(
    sql,
    `update chain_intents set status = 'sent', hash = null, block_number = null, block_hash = null, changed_at = now()
     where id = $1 and status = 'mined'`,
    [id],
  );

export const finish = (sql: Sql, id: string, hash: string, block: Place, failure: string | null) =>
  one(
    sql,
    `update chain_intents set status = $5, hash = $2, block_number = $3, block_hash = $4, reason = $6, changed_at = now()
     where id = $1 and status in ('sent', 'mined')`,
    [id, hash, block.number, block.hash, failure === null ? 'done' : 'failed', failure],
  );

/** Its nonce is used, for good, by a transaction that is not ours. */
export const release = (sql: Sql, id: string, nonce: number) =>
  one(
    sql,
    `update chain_intents set status = 'waiting', nonce = null, gas_limit = null, reserved_block = null,
       reason = 'another transaction of the key took its nonce', changed_at = now()
     where id = $1 and nonce = $2 and status in ('reserved', 'sent')`,
    [id, nonce],
  );

export const giveUp = (sql: Sql, id: string, reason: string) =>
  one(
    sql,
    `update chain_intents set status = 'failed', reason = $2, changed_at = now() where id = $1 and status = 'waiting'`,
    [id, reason],
  );

/** It stays what it is, and nothing is tried before then. */
export const postpone = (sql: Sql, id: string, ms: number, reason: string) =>
  one(
    sql,
    `update chain_intents set try_at = now() + $2 * interval '1 millisecond', reason = $3 where id = $1
     and status in ('waiting', 'reserved', 'sent')`,
    [id, ms, reason],
  );
