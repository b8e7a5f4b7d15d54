import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migration } from './core/migration-plan.js';

export interface MigrationSource {
  /** A library's name, set before the recorded names; absent for the application, whose names Prisma must know. */
  readonly name?: string;
  /** Holds `<folder>/migration.sql`, applied in the order of the folders' names. */
  readonly directory: string;
}

/** Every migration of every source, sources in the given order. */
export async function readMigrations(sources: readonly MigrationSource[]): Promise<Migration[]> {
  const lists = await Promise.all(sources.map(readSource));
  return lists.flat();
}

async function readSource(source: MigrationSource): Promise<Migration[]> {
  const entries = await readdir(source.directory, { withFileTypes: true });
  const folders = entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  return Promise.all(folders.sort().map(folder => readMigration(source, folder)));
}

async function readMigration(source: MigrationSource, folder: string): Promise<Migration> {
  const sql = await readFile(join(source.directory, folder, 'migration.sql'), 'utf8');
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { name: source.name === undefined ? folder : `${source.name}.${folder}`, checksum, sql };
}
