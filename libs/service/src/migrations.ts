// `node dist/migrate.js`: brings the schema of one service up to date, as the role that owns it. A step of its own,
// before the new release starts, because the role that serves requests may change rows and no tables.
import { authMigrations } from '@arena/auth';
import { services, type ServiceName } from '@arena/contracts';
import { migrate, type MigrationSource } from '@arena/db';
import { readEnvOrExit, url } from '@arena/env';
import { httpMigrations } from '@arena/http';
import { migrations as outboxMigrations } from '@arena/outbox';
import { z } from 'zod';

/** Tables that the libraries keep in every service's schema. */
export const libraryMigrations: readonly MigrationSource[] = [outboxMigrations, authMigrations, httpMigrations];

const Env = z.object({
  MIGRATE_DATABASE_URL: url('postgres', 'postgresql').describe('the role that owns the schema'),
});

export async function runMigrations(name: ServiceName, sources: readonly MigrationSource[]): Promise<void> {
  const { MIGRATE_DATABASE_URL } = readEnvOrExit(Env);
  const schema = services[name].schema;
  if (schema === null) return;
  try {
    const applied = await migrate({ url: MIGRATE_DATABASE_URL, schema, sources });
    for (const migration of applied) process.stdout.write(`${name}: applied ${migration}\n`);
    process.stdout.write(`${name}: up to date\n`);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
