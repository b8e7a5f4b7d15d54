import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from './database.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'arena-migrations-'));
  await mkdir(join(directory, '0001_note'));
  await writeFile(join(directory, '0001_note', 'migration.sql'), 'create table note (text text not null);\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const make = () => testDatabase({ service: 'notes', migrations: [{ name: 'notes', directory }] });

it('gives every caller an empty database of its own, migrated', async () => {
  const [first, second] = await Promise.all([make(), make()]);
  await query(first.appUrl, `insert into note values ('mine')`);
  expect(await query(first.appUrl, 'select text from note')).toEqual([{ text: 'mine' }]);
  expect(await query(second.appUrl, 'select text from note')).toEqual([]);
  await Promise.all([first.drop(), second.drop()]);
});

it('keeps the runtime role from changing tables', async () => {
  const { appUrl, drop } = await make();
  await expect(query(appUrl, 'drop table note')).rejects.toThrow(/must be owner/);
  await expect(query(appUrl, 'create temporary table mine ()')).rejects.toThrow(/permission denied/);
  await drop();
});

it('makes a new template when a migration changes', async () => {
  const before = await make();
  await mkdir(join(directory, '0002_mark'));
  await writeFile(join(directory, '0002_mark', 'migration.sql'), 'alter table note add column mark integer;\n');
  const after = await make();
  await query(after.appUrl, 'select mark from note');
  await expect(query(before.appUrl, 'select mark from note')).rejects.toThrow(/does not exist/);
  await Promise.all([before.drop(), after.drop()]);
});
