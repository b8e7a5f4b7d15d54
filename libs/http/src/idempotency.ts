// One Idempotency-Key, at most one effect: the answer is stored in the transaction of the effect itself.
//
// An advisory lock, held until that transaction ends, tells a request that is still running from one that is done.
// The look-up's snapshot may be older than the lock, so the last word has the primary key: whoever finds its row
// taken rolls back and starts again, and then replays.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@arena/contracts';
import { crashPoint, send, sqlState, type Database, type Sql } from '@arena/db';
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

const Found = z.object({
  free: z.boolean(),
  fingerprint: z.string().nullable(),
  answer: z.unknown(),
  etag: z.string().nullable(),
});

export async function onceOnly<Tx extends Sql>(
  database: Database<Tx>,
  request: IdempotentRequest,
  effect: (tx: Tx) => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const { caller, route, key, secret } = request;
  const fingerprint = createHash('sha256').update(canonicalJson(request.content)).digest('hex');

  const attempt = () =>
    database.transaction(async tx => {
      const prior = await look(tx, request);
      if (!prior.free) throw new DomainError('idempotency/running', { retryAfterSeconds: 1 });
      if (prior.fingerprint !== null) {
        if (prior.fingerprint !== fingerprint) throw new DomainError('idempotency/reused');
        if (secret) throw new DomainError('idempotency/secret-already-shown');
        return { answer: prior.answer, etag: prior.etag, replayed: true };
      }
      const { answer, etag } = await effect(tx);
      await send(
        tx,
        `INSERT INTO idempotency (caller, route, key, fingerprint, answer, etag) VALUES ($1, $2, $3, $4, $5::jsonb, $6)`,
        [caller, route, key, fingerprint, secret ? null : JSON.stringify(answer ?? null), secret ? null : etag],
      );
      crashPoint('http.before-commit');
      return { answer, etag, replayed: false };
    });

  try {
    return await attempt();
  } catch (error) {
    if (isTaken(error)) return attempt();
    throw error;
  }
}

/** Somebody's row was committed between our look-up and our own row. */
const isTaken = (error: unknown): boolean =>
  sqlState(error) === '23505' && (error as { constraint?: unknown }).constraint === 'idempotency_pkey';

async function look(tx: Sql, { caller, route, key }: IdempotentRequest): Promise<z.output<typeof Found>> {
  const [found] = await tx.query(
    `WITH forgotten AS (
       DELETE FROM idempotency
       WHERE caller = $1 AND route = $2 AND key = $3 AND created_at < now() - interval '24 hours'
     )
     SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2 || ' ' || $3, 0)) AS free,
            i.fingerprint, i.answer, i.etag
     FROM (SELECT 1) AS one
     LEFT JOIN idempotency i
       ON i.caller = $1 AND i.route = $2 AND i.key = $3 AND i.created_at >= now() - interval '24 hours'`,
    [caller, route, key],
  );
  return Found.parse(found);
}

/** Forgets what is older than a day. */
export const sweepIdempotency = (sql: Sql) =>
  sql.query(`DELETE FROM idempotency WHERE created_at < now() - interval '25 hours'`);
