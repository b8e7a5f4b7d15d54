/**
 * A transaction in as few packets as it can be: BEGIN travels with the first statement, deferred statements with the
 * next one or with COMMIT. Each packet is a wake-up of the server's process, which costs more than what most ask of it.
 */
import type { Writable } from 'node:stream';
import type pg from 'pg';
import { translate } from './errors.js';
import { sqlOver } from './pg-sql.js';
import type { Sql, TransactionOptions } from './sql.js';

export async function inTransaction<R>(
  pool: pg.Pool,
  work: (tx: Sql, connection: pg.PoolClient) => Promise<R>,
  options?: TransactionOptions,
): Promise<R> {
  const client = await connect(pool);
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  const sql = sqlOver(client);
  const deferred = new Deferred();
  const defer: Sql['defer'] = (text, values) => {
    holdBack(client);
    deferred.add(sql.query(text, values));
  };
  const tx: Sql = { query: sql.query, defer };
  let committing = false;
  try {
    holdBack(client);
    deferred.add(client.query(`begin isolation level ${options?.isolation ?? 'read committed'}`));
    const result = await work(tx, client);
    committing = true;
    holdBack(client);
    const committed = client.query('commit');
    // What a deferred statement has to say comes before, and tells more than, what COMMIT says of it.
    committed.catch(() => undefined);
    await deferred.all();
    await committed;
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken ??= failure;
    });
    throw translate(deferred.failure ?? error, committing ? 'unknown' : 'no');
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

class Deferred {
  /** The first, if any: the ones after it failed because of it. */
  failure: unknown;
  private readonly statements: Promise<unknown>[] = [];

  add(statement: Promise<unknown>): void {
    this.statements.push(statement);
    statement.catch((error: unknown) => {
      this.failure ??= error;
    });
  }

  async all(): Promise<void> {
    await Promise.all(this.statements);
  }
}

/** What is written from now until the end of this turn of the event loop leaves in one packet. */
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
