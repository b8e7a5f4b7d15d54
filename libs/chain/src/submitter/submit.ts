import { crashPoint, select, type Sql, uuidV7 } from '@arena/db';
import { getBytes, hexlify } from 'ethers';
import { z } from 'zod';
import { intentStatuses } from './rows.js';
import type { Sender } from './store.js';

export interface Wanted {
  /** What it is for: the same key is the same intent, whoever asks and however often. */
  key: string;
  to: string;
  data: string;
  value?: bigint | undefined;
}

/** A key stands for one transaction; it was used for another. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

const Same = z.object({ recipient: z.string(), data: z.instanceof(Uint8Array), value: z.string() });

/** Writes the intent in the caller's transaction: it happens on chain if, and only if, that commits. */
export async function writeIntent(tx: Sql, { chainId, address }: Sender, wanted: Wanted): Promise<void> {
  const { key, data, value = 0n } = wanted;
  const to = wanted.to.toLowerCase();
  const inserted = await tx.query(
    `insert into chain_intents (id, key, chain_id, sender, recipient, data, value)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing returning id`,
    [uuidV7(), key, chainId, address, to, getBytes(data), value],
  );
  crashPoint('submitter.intent-written');
  if (inserted.length === 1) return;
  const [before] = await select(tx, Same, `select recipient, data, value from chain_intents where key = $1`, [key]);
  const same =
    before?.recipient === to && hexlify(before.data) === data.toLowerCase() && BigInt(before.value) === value;
  if (!same) throw new KeyReused(`the key ${key} was used for another transaction`);
}

const Fate = z.object({
  status: z.enum(intentStatuses),
  /** Where and by which transaction it was mined; of the last one signed while it was not. */
  hash: z.string().nullable(),
  block_number: z.bigint().nullable(),
  reason: z.string().nullable(),
});

export interface Fate {
  status: (typeof intentStatuses)[number];
  hash: string | null;
  block: number | null;
  reason: string | null;
}

/** What has become of it; undefined where there is no such intent. */
export async function fateOf(sql: Sql, key: string): Promise<Fate | undefined> {
  const [row] = await select(
    sql,
    Fate,
    `select status, block_number, reason, coalesce(hash, (
       select hash from chain_attempts a where a.intent_id = i.id and a.nonce = i.nonce order by signed_at desc limit 1
     )) as hash from chain_intents i where key = $1`,
    [key],
  );
  if (!row) return undefined;
  const { status, hash, reason, block_number } = row;
  return { status, hash, reason, block: block_number === null ? null : Number(block_number) };
}
