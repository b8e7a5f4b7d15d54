import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { services } from '@arena/contracts';
import { bootstrap, migrate, type MigrationSource } from '@arena/db';
import pg from 'pg';
import { addressOf } from './addresses.js';

export interface TestSchema {
  /** A service of the arena, or the name of a schema for a library's own tests. */
  service: string;
  migrations: readonly MigrationSource[];
}

export interface TestDatabase {
  database: string;
  adminUrl: string;
  ownerUrl: string;
  appUrl: string;
  /** The address as a role of another schema of the same database. */
  roleUrl(service: string, role: 'owner' | 'app'): string;
  drop(): Promise<void>;
}

// Roles belong to the whole server, so all databases of a run must agree on the passwords.
const PASSWORD = 'arena-tests';
const TEMPLATE_LOCK = "hashtext('arena.testing.template')";

const schemaOf = (service: string) => services[service as keyof typeof services]?.schema ?? service;
const rolesOf = (schema: string) => ({ schema, ownerPassword: PASSWORD, appPassword: PASSWORD });

function at(adminUrl: string, database: string, role?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role) {
    url.username = role;
    url.password = PASSWORD;
  }
  return url.href;
}

async function fingerprint(schemas: readonly TestSchema[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { service, migrations } of schemas) {
    hash.update(`${schemaOf(service)}\0`);
    for (const { name, directory } of migrations) {
      for (const file of (await readdir(directory, { recursive: true })).filter(file => file.endsWith('.sql')).sort()) {
        hash.update(`${name}\0${file}\0`).update(await readFile(join(directory, file)));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function withAdmin<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Bootstrapped and migrated once per set of migrations; under its final name it is whole, also after a killed builder. */
async function ensureTemplate(admin: pg.Client, adminUrl: string, schemas: readonly TestSchema[]): Promise<string> {
  const name = `template_${await fingerprint(schemas)}`;
  await admin.query(`select pg_advisory_lock(${TEMPLATE_LOCK})`);
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return name;
    const unfinished = `${name}_unfinished`;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished}`);
    const all = schemas.map(({ service }) => rolesOf(schemaOf(service)));
    await bootstrap({ adminUrl: at(adminUrl, unfinished), services: all });
    for (const { service, migrations } of schemas) {
      const schema = schemaOf(service);
      await migrate({ url: at(adminUrl, unfinished, `${schema}_owner`), schema, sources: migrations });
    }
    await admin.query(`alter database ${unfinished} rename to ${name}`);
    return name;
  } finally {
    await admin.query(`select pg_advisory_unlock(${TEMPLATE_LOCK})`);
  }
}

/** A fresh database, cloned from a template; `also` adds the schemas of other services beside the first. */
export async function testDatabase(options: TestSchema & { also?: readonly TestSchema[] }): Promise<TestDatabase> {
  const { url } = await addressOf('postgres');
  const schemas = [options, ...(options.also ?? [])];
  const database = `test_${randomBytes(6).toString('hex')}`;
  await withAdmin(url, async admin => {
    const template = await ensureTemplate(admin, url, schemas);
    await admin.query(`create database ${database} template ${template}`);
  });
  const adminUrl = at(url, database);
  // A clone lacks the rights on the database itself; those alone are new here, the rest is there already.
  await bootstrap({ adminUrl, services: schemas.map(({ service }) => rolesOf(schemaOf(service))) });
  const roleUrl = (service: string, role: 'owner' | 'app') => at(url, database, `${schemaOf(service)}_${role}`);
  return {
    database,
    adminUrl,
    ownerUrl: roleUrl(options.service, 'owner'),
    appUrl: roleUrl(options.service, 'app'),
    roleUrl,
    drop: () =>
      withAdmin(url, async admin => void (await admin.query(`drop database if exists ${database} with (force)`))),
  };
}
