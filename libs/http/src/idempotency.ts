// One Idempotency-Key, at most one effect: the answer is stored in the transaction of the effect itself.
//
// Most keys are new, so nothing is looked up first: the effect is tried, and its transaction ends with the row of the
// key. Where that row is there already the whole transaction is undone, and only then is the stored answer looked up.
// For the same reason an effect that says no (it pauses what its own first run has paused) is not believed before the
// look-up. An advisory lock, held until the transaction ends, tells a request that is still running from one that is done.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@arena/contracts';
import { crashPoint, select, send, sqlState, type Database, type Sql } from '@arena/db';
import { DomainError } from '@arena/problem';
import { z } from 'zod';

export interface IdempotentRequest {
  caller: string;
  route: string;
  key: string;
  /** Everything that makes this request this request: path parameters, query and body, as sent. */
  content: Json;
  secret: boolean;
}

export interface StoredAnswer {
  answer: unknown;
  etag: string | null;
}

const Prior = z.object({ fingerprint: z.string(), answer: z.unknown(), etag: z.string().nullable() });

const lock = `SELECT arena_lock_or_refuse(hashtextextended($1 || ' ' || $2 || ' ' || $3, 0))`;
const keep = `INSERT INTO idempotency (caller, route, key, fingerprint, answer, etag) VALUES ($1, $2, $3, $4, $5::jsonb, $6)`;

export async function onceOnly<Tx extends Sql>(
  database: Database<Tx>,
  request: IdempotentRequest,
  effect: (tx: Tx) => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const { caller, route, key, secret } = request;
  const fingerprint = createHash('sha256').update(canonicalJson(request.content)).digest('hex');

  const attempt = () =>
    database.transaction(async tx => {
      await send(tx, lock, [caller, route, key]);
      const { answer, etag } = await effect(tx);
      const stored = secret ? [null, null] : [JSON.stringify(answer ?? null), etag];
      await send(tx, keep, [caller, route, key, fingerprint, ...stored]);
      crashPoint('http.before-commit');
      return { answer, etag, replayed: false };
    });

  try {
    return await attempt();
  } catch (error) {
    if (isRunning(error)) throw new DomainError('idempotency/running', { retryAfterSeconds: 1 });
    const prior = await look(database.read, request);
    if (prior === undefined) {
      // The row that was in the way is a day old, and gone now.
      if (isTaken(error)) return attempt();
      throw error;
    }
    if (prior.fingerprint !== fingerprint) throw new DomainError('idempotency/reused');
    if (secret) throw new DomainError('idempotency/secret-already-shown');
    return { answer: prior.answer, etag: prior.etag, replayed: true };
  }
}

/** What `arena_lock_or_refuse` raises. */
const isRunning = (error: unknown): boolean => sqlState(error) === 'AR409';

const isTaken = (error: unknown): boolean =>
  sqlState(error) === '23505' && (error as { constraint?: unknown }).constraint === 'idempotency_pkey';

/** What was answered within the last day; what is older is forgotten here and now. */
async function look(sql: Sql, { caller, route, key }: IdempotentRequest): Promise<z.output<typeof Prior> | undefined> {
  const [prior] = await select(
    sql,
    Prior,
    `WITH forgotten AS (
       DELETE FROM idempotency
       WHERE caller = $1 AND route = $2 AND key = $3 AND created_at < now() - interval '24 hours'
     )
     SELECT fingerprint, answer, etag FROM idempotency
     WHERE caller = $1 AND route = $2 AND key = $3 AND created_at >= now() - interval '24 hours'`,
    [caller, route, key],
  );
  return prior;
}

/** Forgets what is older than a day. */
export const sweepIdempotency = (sql: Sql) =>
  sql.query(`DELETE FROM idempotency WHERE created_at < now() - interval '25 hours'`);
