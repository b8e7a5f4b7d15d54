/** What to apply, or why nothing may be applied: a decision over what the folders hold and what the table says. */
export interface Migration {
  /** As recorded: the folder's name, with the source's name before it unless it is the application's own. */
  readonly name: string;
  /** sha256 of the file, in hex, as Prisma computes it. */
  readonly checksum: string;
  readonly sql: string;
}

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** `applied` holds no rolled-back rows: to Prisma and to us those never happened. */
export function planMigrations(available: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  const byName = new Map(available.map(migration => [migration.name, migration]));
  if (byName.size !== available.length) throw new MigrationRefused('two migrations have the same name');
  for (const row of applied) {
    const migration = byName.get(row.name);
    if (!row.finished) {
      throw new MigrationRefused(
        `migration ${row.name} began and never finished: repair the schema by hand, then set its rolled_back_at or finished_at in _prisma_migrations`,
      );
    }
    if (!migration) {
      throw new MigrationRefused(
        `migration ${row.name} is in the database but not in this release: is the release older?`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationRefused(
        `migration ${row.name} was changed after it was applied: restore it and add a new one`,
      );
    }
  }
  const done = new Set(applied.map(row => row.name));
  return available.filter(migration => !done.has(migration.name));
}
