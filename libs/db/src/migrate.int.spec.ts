import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@arena/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  assertMigrated,
  DatabaseUnavailable,
  migrate,
  pgDatabase,
  type Database,
  type MigrationSource,
} from './index.js';

let place: TestDatabase;
let owner: pg.Client;
let app: Database;
let directory: string;
let sources: MigrationSource[];

const first = 'create table note (id bigint generated always as identity primary key, text text);\n';

async function folder(name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}
const run = () => migrate({ url: place.ownerUrl, schema: 'notes', sources });
const names = async () =>
  (await owner.query(`select migration_name as name from _prisma_migrations order by started_at`)).rows.map(
    row => row.name,
  );

beforeAll(async () => {
  place = await testDatabase({ service: 'notes', migrations: [] });
  owner = new pg.Client({ connectionString: place.ownerUrl });
  await owner.connect();
  app = pgDatabase({ url: place.appUrl });
});
afterAll(async () => {
  await app.close();
  await owner.end();
  await place.drop();
});

beforeEach(async () => {
  await owner.query('drop table if exists note, extra, _prisma_migrations');
  directory = await mkdtemp(join(tmpdir(), 'arena-migrations-'));
  sources = [{ directory }];
  await folder('0001_start', first);
});

it('applies each folder once, in order, and records it as Prisma does', async () => {
  await folder('0002_extra', 'create table extra (id int);');
  expect(await run()).toEqual(['0001_start', '0002_extra']);
  expect(await run()).toEqual([]);
  const { rows } = await owner.query('select * from _prisma_migrations order by started_at');
  expect(rows[0]).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    checksum: createHash('sha256').update(first).digest('hex'),
    migration_name: '0001_start',
    logs: null,
    rolled_back_at: null,
    applied_steps_count: 1,
    finished_at: expect.any(Date),
  });
});

it('sets the name of a library before its migrations and keeps the application’s plain', async () => {
  const library = await mkdtemp(join(tmpdir(), 'arena-migrations-'));
  await mkdir(join(library, '0001_box'));
  await writeFile(join(library, '0001_box', 'migration.sql'), 'create table extra (id int);');
  sources = [{ name: 'outbox', directory: library }, { directory }];
  expect(await run()).toEqual(['outbox.0001_box', '0001_start']);
});

it('applies each migration once when eight processes start together', async () => {
  await folder('0002_extra', 'create table extra (id int); select pg_sleep(0.05);');
  const applied = await Promise.all(Array.from({ length: 8 }, run));
  expect(applied.flat().sort()).toEqual(['0001_start', '0002_extra']);
  expect(await names()).toEqual(['0001_start', '0002_extra']);
});

it('leaves nothing of a migration that fails, names its line, and goes on once it is mended', async () => {
  await folder('0002_extra', 'create table extra (id int);\n\nselect nonsense;');
  await expect(run()).rejects.toThrow(/0002_extra failed \(line 3\): column "nonsense" does not exist/);
  expect(await names()).toEqual(['0001_start']);
  await folder('0002_extra', 'create table extra (id int);');
  expect(await run()).toEqual(['0002_extra']);
});

it('refuses a migration that commits by itself', async () => {
  await folder('0002_extra', 'create table extra (id int); commit; begin;');
  await expect(run()).rejects.toThrow(/leave BEGIN and COMMIT out/);
});

it('refuses a changed file, an older release and a half-applied migration, and then changes nothing', async () => {
  await run();
  await folder('0001_start', `${first}-- edited`);
  await folder('0002_extra', 'create table extra (id int);');
  await expect(run()).rejects.toThrow(/0001_start was changed/);
  await folder('0001_start', first);
  await owner.query(`insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'y', '0003_later')`);
  await expect(run()).rejects.toThrow(/0003_later began and never finished/);
  await owner.query(`update _prisma_migrations set finished_at = now() where id = 'x'`);
  await expect(run()).rejects.toThrow(/0003_later is in the database but not in this release/);
  expect(await names()).toEqual(['0001_start', '0003_later']);
});

it('takes a migration that Prisma marked as rolled back for one that never ran', async () => {
  await owner.query('drop table if exists note');
  await run();
  await owner.query(`update _prisma_migrations set rolled_back_at = now(), finished_at = null; drop table note`);
  expect(await run()).toEqual(['0001_start']);
});

it('lets the runtime role write to migrated tables but not to the history', async () => {
  await run();
  await app.read.query(`insert into note (text) values ('hello')`);
  await expect(app.read.query('delete from _prisma_migrations')).rejects.toThrow(/permission denied/);
});

it('tells readiness which migrations are missing', async () => {
  await expect(assertMigrated({ sql: app.read, sources })).rejects.toThrow('not migrated: 0001_start');
  await run();
  await expect(assertMigrated({ sql: app.read, sources })).resolves.toBeUndefined();
  await folder('0002_extra', 'create table extra (id int);');
  await expect(assertMigrated({ sql: app.read, sources })).rejects.toThrow('not migrated: 0002_extra');
});

it('says that the database is unavailable when it is', async () => {
  const nowhere = migrate({ url: 'postgres://x@127.0.0.1:1/x', schema: 'notes', sources });
  await expect(nowhere).rejects.toBeInstanceOf(DatabaseUnavailable);
});
