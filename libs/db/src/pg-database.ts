import { sqlOver } from './pg-sql.js';
import { inTransaction } from './pg-transaction.js';
import { openPool, type PoolOptions } from './pool-config.js';
import { withRetry } from './retry.js';
import type { Database, Sql } from './sql.js';

/** A database over plain pg: for libraries, tools and hot paths that need no generated client. */
export function pgDatabase(options: PoolOptions): Database<Sql> {
  const pool = openPool(options);
  let closed: Promise<void> | undefined;
  return {
    read: sqlOver(pool),
    transaction: (work, transactionOptions) => withRetry(() => inTransaction(pool, work, transactionOptions)),
    close: () => (closed ??= pool.end()),
  };
}
