import type { Writable } from 'node:stream';
import pg from 'pg';
import { encode } from './encode.js';
import { translate } from './errors.js';
import { poolConfig, type PoolOptions } from './pool-config.js';
import { statementName } from './prepared.js';
import { withRetry } from './retry.js';
import type { Database, Sql, TransactionOptions } from './sql.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** A database over plain pg: for libraries, tools and hot paths that need no generated client. */
export function pgDatabase(options: PoolOptions): Database<Sql> {
  const pool = new pg.Pool({ ...poolConfig(options), pipeline: true } as pg.PoolConfig);
  // An idle connection that breaks is replaced by the next query; unheard, the event would end the process.
  pool.on('error', () => undefined);
  let closed: Promise<void> | undefined;
  return {
    read: sqlOver(pool),
    transaction: (work, transactionOptions) => withRetry(() => inTransaction(pool, work, transactionOptions)),
    close: () => (closed ??= pool.end()),
  };
}

function sqlOver(queryable: Queryable): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      try {
        const result = await queryable.query(statement(text, values));
        return result.rows as Row[];
      } catch (error) {
        throw translate(error, 'no');
      }
    },
  };
}

function statement(text: string, values: readonly unknown[]): pg.QueryConfig {
  const name = statementName(text);
  const encoded = values.map(encode);
  return name === undefined ? { text, values: encoded } : { name, text, values: encoded };
}

async function inTransaction<R>(
  pool: pg.Pool,
  work: (tx: Sql) => Promise<R>,
  options?: TransactionOptions,
): Promise<R> {
  const client = await connect(pool);
  let broken: Error | undefined;
  client.on('error', onError);
  function onError(error: Error) {
    broken = error;
  }
  let committing = false;
  try {
    // Not waited for: the first statement travels in the same packet, and fails with it.
    holdBack(client);
    const begun = client.query(`begin isolation level ${options?.isolation ?? 'read committed'}`);
    begun.catch(() => undefined);
    const result = await work(sqlOver(client));
    await begun;
    committing = true;
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken ??= failure;
    });
    throw translate(error, committing ? 'unknown' : 'no');
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** What is written until the next tick leaves in one packet, for one wake-up of the server's process instead of two. */
function holdBack(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  setImmediate(() => stream.uncork());
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translate(error, 'no');
  }
}
