import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { escapeIdentifier } from 'pg';
import { address, withDatabase } from './address.mjs';
import { CatalogueClient, charColumns, execute } from './connection.mjs';

export function adapterFactory(url, schema) {
  const factory = new PrismaPg({ connectionString: url, Client: CatalogueClient }, { schema });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mended(await connect());
  return factory;
}

/** The adapter, less two faults: it has no "char", and it cuts a script at every semicolon, also inside a function. */
function mended(adapter) {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async query => {
    const result = await queryRaw(query);
    for (const place of charColumns(result.rows)) result.columnTypes[place] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.executeScript = async script => {
    await adapter.underlyingDriver().query(script);
  };
  return adapter;
}

/** The empty database in which migrations are replayed: the one that was named, or one made for this call. */
export function shadowDatabase(datasource) {
  const { url, schema } = address(datasource.url);
  const named = datasource.shadowDatabaseUrl;
  return () => (named ? emptied(address(named).url, schema) : created(url, schema));
}

async function emptied(url, schema) {
  const found = await execute(
    url,
    `select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  );
  const drops = found.rows.map(row => `drop schema ${escapeIdentifier(row.nspname)} cascade`);
  await execute(url, ...drops, `create schema ${escapeIdentifier(schema ?? 'public')}`);
  return adapterFactory(url, schema).connect();
}

/** The adapter has this too, but it ignores the new database's name when it was given a connection string. */
async function created(url, schema) {
  const database = `prisma_migrate_shadow_db_${randomUUID()}`;
  await execute(url, `create database ${escapeIdentifier(database)}`);
  const adapter = await adapterFactory(withDatabase(url, database), schema).connect();
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await execute(url, `drop database if exists ${escapeIdentifier(database)} with (force)`);
  };
  return adapter;
}
