import { expect, it } from 'vitest';
import { type AppliedMigration, type Migration, planMigrations } from './migration-plan.js';

const file = (name: string, checksum = name): Migration => ({ name, checksum, sql: '' });
const row = (name: string, over: Partial<AppliedMigration> = {}): AppliedMigration => ({
  name,
  checksum: name,
  finished: true,
  ...over,
});

it('applies everything to an empty schema, in the given order', () => {
  expect(planMigrations([file('outbox.0001'), file('0001_start')], [])).toEqual([
    file('outbox.0001'),
    file('0001_start'),
  ]);
});

it('applies only what is not there yet', () => {
  expect(planMigrations([file('1'), file('2'), file('3')], [row('1'), row('2')])).toEqual([file('3')]);
});

it('refuses a migration that was changed after it was applied', () => {
  expect(() => planMigrations([file('1', 'new')], [row('1', { checksum: 'old' })])).toThrow(/1 was changed/);
});

it('refuses a database that is ahead of the release', () => {
  expect(() => planMigrations([file('1')], [row('1'), row('2')])).toThrow(
    /2 is in the database but not in this release/,
  );
});

it('refuses to go on after a migration that never finished', () => {
  expect(() => planMigrations([file('1')], [row('1', { finished: false })])).toThrow(/1 began and never finished/);
});

it('refuses two migrations of one name', () => {
  expect(() => planMigrations([file('1'), file('1')], [])).toThrow(/same name/);
});
