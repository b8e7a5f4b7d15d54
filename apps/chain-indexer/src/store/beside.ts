// A second schema beside the live one, with the same tables and nothing in them.
import { type Database, migrate, pgDatabase, type Sql } from '@arena/db';
import { ownMigrations } from '../migrations.js';

export const LIVE = 'chain';
export const BESIDE = 'chain_rebuild';

/** Connections that mean the tables of this schema when they name a table. */
export function within(url: string, schema: string): string {
  const address = new URL(url);
  address.searchParams.set('options', `-c search_path=${schema} -c timezone=UTC`);
  return address.href;
}

/** As the role that owns the live schema; it must be allowed to create schemas in this database. */
export async function makeBeside(owner: Sql, ownerUrl: string): Promise<Database> {
  await owner.query(`drop schema if exists ${BESIDE} cascade`);
  await owner.query(`create schema ${BESIDE}`);
  await migrate({ url: ownerUrl, schema: BESIDE, sources: [ownMigrations] });
  return pgDatabase({ url: within(ownerUrl, BESIDE), max: 2, applicationName: 'chain-indexer rebuild' });
}

export const dropBeside = (owner: Sql): Promise<unknown> => owner.query(`drop schema if exists ${BESIDE} cascade`);
