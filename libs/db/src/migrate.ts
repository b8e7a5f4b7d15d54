/**
 * Applies Prisma-format migration folders without Prisma: its schema engine is a download that many networks
 * refuse, and a service must be able to bring its own schema up to date when it starts.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Migration, MigrationRefused, planMigrations } from './core/migration-plan.js';
import { sqlState, translate } from './errors.js';
import { type MigrationSource, readMigrations } from './migration-files.js';
import { appliedMigrations, createTable, protectTable } from './migration-table.js';
import { identifier } from './identifier.js';
import type { Sql } from './sql.js';

export interface MigrateOptions {
  /** Of the role that owns the schema. */
  url: string;
  schema: string;
  sources: readonly MigrationSource[];
  /** How long to wait for another process that is migrating. */
  waitMs?: number;
}

/** The lock that `prisma migrate` itself takes, so that the two never run at once either. */
const prismaLock = 72707369;

/** Brings the schema up to date and says which migrations were applied now. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const schema = identifier(options.schema);
  const available = await readMigrations(options.sources);
  const client = new pg.Client({ connectionString: options.url, application_name: 'arena migrate' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`set search_path to ${schema}; set lock_timeout to ${options.waitMs ?? 60_000}`);
    await client.query('select pg_advisory_lock($1)', [prismaLock]).catch(refuseBusy);
    await client.query(`set lock_timeout to 10000; ${createTable}; ${protectTable(schema)}`);
    const sql: Sql = { query: async (text, values) => (await client.query(text, [...(values ?? [])])).rows };
    const todo = planMigrations(available, await appliedMigrations(sql));
    for (const migration of todo) await apply(client, schema, migration);
    return todo.map(migration => migration.name);
  } catch (error) {
    throw translate(error, 'no');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The migration and its record are one transaction: it is there whole, or not at all. */
async function apply(client: pg.Client, schema: string, migration: Migration): Promise<void> {
  const startedAt = new Date();
  try {
    await client.query(`begin; set local search_path to ${schema}`);
    const before = await transactionId(client);
    await client.query(migration.sql);
    if ((await transactionId(client)) !== before) {
      throw new Error('it ends the transaction that it runs in; leave BEGIN and COMMIT out');
    }
    await client.query(`set local search_path to ${schema}`);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name, startedAt.toISOString()],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw explain(migration, error);
  }
}

async function transactionId(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return rows[0]?.id ?? '';
}

function explain(migration: Migration, error: unknown): unknown {
  const unavailable = translate(error, 'unknown');
  if (unavailable !== error || !(error instanceof Error)) return unavailable;
  const position = Number((error as Partial<pg.DatabaseError>).position);
  const line = position > 0 ? ` (line ${migration.sql.slice(0, position).split('\n').length})` : '';
  return new MigrationRefused(`migration ${migration.name} failed${line}: ${error.message}`, { cause: error });
}

function refuseBusy(error: unknown): never {
  if (sqlState(error) !== '55P03') throw error;
  throw new MigrationRefused('another process has been migrating this database for too long');
}
