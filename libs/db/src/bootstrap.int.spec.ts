import { testDatabase, type TestDatabase } from '@arena/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap, pgDatabase, type Database } from './index.js';

let place: TestDatabase;
let tasksOwner: Database;
let tasksApp: Database;
let rewardsApp: Database;

// The password that all databases of a test run use: roles belong to the whole server.
const password = 'arena-tests';
const services = [
  { schema: 'tasks', ownerPassword: password, appPassword: password },
  { schema: 'rewards', ownerPassword: password, appPassword: password },
];
const message = '0197d2b8-0000-7000-8000-000000000001';

beforeAll(async () => {
  place = await testDatabase({
    service: 'tasks',
    migrations: [],
    also: [{ service: 'rewards', migrations: [] }],
  });
  tasksOwner = pgDatabase({ url: place.ownerUrl });
  tasksApp = pgDatabase({ url: place.appUrl });
  rewardsApp = pgDatabase({ url: place.roleUrl('rewards', 'app') });
  await tasksOwner.read.query('create table secret (id bigint generated always as identity primary key, text text)');
});
afterAll(async () => {
  await Promise.all([tasksOwner.close(), tasksApp.close(), rewardsApp.close()]);
  await place.drop();
});

it('may run again, and eight times at once, without harm', async () => {
  await Promise.all(Array.from({ length: 8 }, () => bootstrap({ adminUrl: place.adminUrl, services })));
  await tasksApp.read.query(`insert into secret (text) values ('mine')`);
});

it('gives the runtime role its rows: select, insert, update, delete and sequences, in its own schema by default', async () => {
  await tasksApp.read.query(`insert into secret (text) values ('s')`);
  await tasksApp.read.query(`update secret set text = 't' where text = 's'`);
  expect(await tasksApp.read.query(`select text from tasks.secret where text = 't'`)).toHaveLength(1);
  await tasksApp.read.query(`delete from secret where text = 't'`);
});

it.each([
  'create table mine (id int)',
  'create table public.mine (id int)',
  'create temporary table mine (id int)',
  'create schema mine',
  'drop table tasks.secret',
  'alter table tasks.secret add column more text',
  'truncate tasks.secret',
  'create role mine',
  'create table bus.mine (id int)',
  'drop table bus.acks',
  'update bus.acks set subscriber = $$x$$',
])('refuses the runtime role: %s', async statement => {
  await expect(tasksApp.read.query(statement)).rejects.toThrow(/permission denied|must be owner/);
});

it.each(['select * from tasks.secret', `insert into tasks.secret (text) values ('x')`, 'delete from tasks.secret'])(
  'refuses another service: %s',
  async statement => {
    await expect(rewardsApp.read.query(statement)).rejects.toThrow(/permission denied for schema tasks/);
  },
);

it('lets one owner not into the schema of another', async () => {
  const rewardsOwner = pgDatabase({ url: place.roleUrl('rewards', 'owner') });
  await expect(rewardsOwner.read.query('select * from tasks.secret')).rejects.toThrow(/permission denied/);
  await expect(rewardsOwner.read.query('create table tasks.mine (id int)')).rejects.toThrow(/permission denied/);
  await rewardsOwner.close();
});

it('lets every service write and read the bus', async () => {
  const ack = `insert into bus.acks (message_id, subscriber) values ('${message}', $1)`;
  await tasksApp.read.query(ack, ['task-service']);
  await rewardsApp.read.query(ack, ['rewards-service']);
  expect(await tasksApp.read.query('select 1 from bus.acks')).toHaveLength(2);
  await expect(rewardsApp.read.query(ack, ['rewards-service'])).rejects.toThrow(/duplicate key/);
});

it('takes new passwords', async () => {
  const changed = { schema: 'changing', ownerPassword: `o'\\"`, appPassword: 'first' };
  await bootstrap({ adminUrl: place.adminUrl, services: [changed] });
  await bootstrap({ adminUrl: place.adminUrl, services: [{ ...changed, appPassword: 'second' }] });
  const url = new URL(place.adminUrl);
  url.username = 'changing_owner';
  url.password = encodeURIComponent(changed.ownerPassword);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.end();
  url.username = 'changing_app';
  url.password = 'first';
  await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toThrow(/authentication failed/);
});

it('refuses a schema name that is not plain', async () => {
  const hostile = { schema: 'a; drop schema tasks', ownerPassword: '', appPassword: '' };
  await expect(bootstrap({ adminUrl: place.adminUrl, services: [hostile] })).rejects.toThrow(/not a plain schema name/);
});
