/**
 * A generated Prisma client and plain SQL on the same connection. Prisma's own interactive transactions cost several
 * times what the statements in them do, so transactions here are pg's (few packets, prepared statements), and `prisma`
 * is a client that is bound to the transaction's connection: one for each connection of the pool, made when it is first
 * asked for.
 */
import pg from 'pg';
import { inTransaction } from './pg-transaction.js';
import { openPool, type PoolOptions } from './pool-config.js';
import { sqlOver } from './pg-sql.js';
import { withRetry } from './retry.js';
import type { Database, Sql } from './sql.js';

export interface PrismaDatabaseOptions<Client> extends PoolOptions {
  /** `pool => new PrismaClient({ adapter: new PrismaPg(pool, { schema }) })` */
  open: (pool: pg.Pool) => Client;
}

export function prismaDatabase<Client>(
  options: PrismaDatabaseOptions<Client>,
): Database<Sql & { readonly prisma: Client }> {
  const pool = openPool(options);
  const bound = new WeakMap<pg.PoolClient, Client>();
  const clientOf = (connection: pg.PoolClient): Client => {
    const client = bound.get(connection) ?? options.open(new OneConnection(connection));
    bound.set(connection, client);
    return client;
  };
  let closed: Promise<void> | undefined;
  return {
    read: { ...sqlOver(pool), prisma: options.open(pool) },
    transaction: (work, transactionOptions) =>
      withRetry(() =>
        inTransaction(
          pool,
          (sql, connection) =>
            work({
              ...sql,
              get prisma() {
                return clientOf(connection);
              },
            }),
          transactionOptions,
        ),
      ),
    close: () => (closed ??= pool.end()),
  };
}

const savepoint: Record<string, string> = {
  BEGIN: 'SAVEPOINT prisma',
  COMMIT: 'RELEASE SAVEPOINT prisma',
  ROLLBACK: 'ROLLBACK TO SAVEPOINT prisma',
};

/** What Prisma takes for a pool: always the one connection, on which a transaction is under way. */
class OneConnection extends pg.Pool {
  constructor(connection: pg.PoolClient) {
    super({ max: 1 });
    const query = connection.query.bind(connection) as (...args: unknown[]) => unknown;
    // A write of several statements begins a transaction of its own: inside ours that is a savepoint.
    const nested = (config: { text: string }, ...rest: unknown[]) =>
      query({ ...config, text: savepoint[config.text] ?? config.text }, ...rest);
    const inside = { query: nested, release: () => undefined, on: () => inside, removeListener: () => inside };
    Object.assign(this, { query, connect: () => Promise.resolve(inside) });
  }
}
