import pg from 'pg';
import { types } from './decode.js';
import { TransactionRolledBack } from './errors.js';

export interface PoolOptions {
  url: string;
  /** Connections at most. */
  max?: number;
  statementTimeoutMs?: number;
  lockTimeoutMs?: number;
  applicationName?: string;
}

/** A pool whose connections may be sent the next statement before they have answered the last. */
export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...poolConfig(options), pipeline: true } as pg.PoolConfig);
  // An idle connection that breaks is replaced by the next query; unheard, the event would end the process.
  pool.on('error', () => undefined);
  return pool;
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/**
 * Sees through Postgres' silent ROLLBACK in answer to COMMIT, for whoever uses the pool (Prisma included), and outlives
 * a connection that breaks while it is handed over: the pool has stopped listening for errors by then, and who asked for
 * it has not begun. The next statement on it says what happened.
 */
class CheckedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const query = this.query as unknown as Query;
    const checked: Query = (...args) => {
      const answer = query.apply(this, args);
      return isCommit(args[0]) && answer instanceof Promise ? answer.then(refuseRollback) : answer;
    };
    this.query = checked as unknown as typeof this.query;
  }
}

function isCommit(config: unknown): boolean {
  const text = typeof config === 'string' ? config : (config as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' && /^\s*commit\b/i.test(text);
}

function refuseRollback(result: pg.QueryResult): pg.QueryResult {
  if (result.command === 'ROLLBACK') throw new TransactionRolledBack();
  return result;
}

/**
 * The one configuration of every pool.
 * The zone is UTC because Prisma's adapter writes and reads timestamps without one.
 */
export function poolConfig(options: PoolOptions): pg.PoolConfig {
  return {
    connectionString: options.url,
    max: options.max ?? 10,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    lock_timeout: options.lockTimeoutMs ?? 5_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: options.applicationName ?? 'arena',
    options: '-c timezone=UTC',
    types,
    Client: CheckedClient,
  };
}
