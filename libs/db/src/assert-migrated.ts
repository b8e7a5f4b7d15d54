import { MigrationRefused, planMigrations } from './core/migration-plan.js';
import { sqlState } from './errors.js';
import { type MigrationSource, readMigrations } from './migration-files.js';
import { appliedMigrations } from './migration-table.js';
import type { Sql } from './sql.js';

/** For readiness: throws unless the schema of this connection is exactly at this release. */
export async function assertMigrated(options: { sql: Sql; sources: readonly MigrationSource[] }): Promise<void> {
  const available = await readMigrations(options.sources);
  const applied = await appliedMigrations(options.sql).catch((error: unknown) => {
    if (sqlState(error) === '42P01') return [];
    throw error;
  });
  const missing = planMigrations(available, applied);
  if (missing.length > 0) {
    throw new MigrationRefused(`not migrated: ${missing.map(migration => migration.name).join(', ')}`);
  }
}
