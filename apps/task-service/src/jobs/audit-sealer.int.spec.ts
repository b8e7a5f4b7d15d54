import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '@arena/observe';
import { createLogger, createRegistry, createShutdown, type Shutdown } from '@arena/observe';
import { openObjects, type Objects } from '@arena/objects';
import { startS3, type Fault, type S3Server } from '@arena/s3';
import { testDatabase, waitFor, type TestDatabase } from '@arena/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { auditHeads, type AuditHeads } from '../files/audit-heads.js';
import { addEntries, auditSchema } from '../fixture/audit-log.js';
import { sha256 } from '../sha256.js';
import { newestSeal, sealBatch } from '../store/audit-seals.js';
import { openDatabase, type TaskDatabase } from '../store/database.js';
import { startAuditSealer } from './audit-sealer.js';

const key = { accessKey: 'sealer', secretKey: 'sealer-secret' };
let test: TestDatabase;
let database: TaskDatabase;
let folder: string;
let s3: S3Server;
let fault: Fault | undefined;
let objects: Objects;
let heads: AuditHeads;
let running: { shutdown: Shutdown; registry: Registry; lines: Record<string, unknown>[] }[];

beforeEach(async () => {
  [running, fault] = [[], undefined];
  folder = await mkdtemp(join(tmpdir(), 'arena-audit-'));
  s3 = await startS3({ folder, keys: [{ ...key, grants: '*' }], faults: () => fault });
  objects = openObjects({ endpoint: s3.url, region: 'us-east-1', ...key });
  await objects.ensureBucket('audit');
  heads = auditHeads(objects, 'audit');
  test = await testDatabase(auditSchema);
  database = openDatabase(test.appUrl, 5);
});
afterEach(async () => {
  fault = undefined;
  await Promise.all(running.map(({ shutdown }) => shutdown.stop('end of the test')));
  await database.close();
  await test.drop();
  await s3.close();
  await rm(folder, { recursive: true });
});

function startInstance(now = () => new Date()) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLogger({ service: 'task-service', destination });
  const instance = {
    lines,
    registry: createRegistry('task-service'),
    shutdown: createShutdown({ log, graceMs: 5_000, drainMs: 0 }),
  };
  startAuditSealer({ database, heads, now, log, ...instance });
  running.push(instance);
  const value = async (metric: string) => (await instance.registry.getSingleMetric(metric)?.get())?.values[0]?.value;
  return { ...instance, value };
}

async function keptHeads() {
  const kept = [];
  for await (const outside of heads.list()) kept.push(await outside.read());
  return kept;
}

/** All is sealed, and the newest head is outside. */
async function settled(sequence: number) {
  return waitFor(
    async () => {
      const [newest, kept] = [await newestSeal(database.read), (await keptHeads()).at(-1)];
      return newest?.sequence === sequence && kept?.sequence === sequence && kept.hash === newest.hash && kept;
    },
    { timeoutMs: 15_000 },
  );
}

it('seals what comes in within about a second, and keeps the head outside', async () => {
  const { lines, value } = startInstance();
  await addEntries(database.read, 3);
  expect(await value('audit_unsealed_entries')).toBe(3);
  const head = await settled(3);
  expect(await value('audit_unsealed_entries')).toBe(0);
  expect(await value('audit_seconds_since_seal')).toBeLessThan(10);
  expect(await value('audit_head_contradictions')).toBe(0);
  const said = () => lines.find(line => line['msg'] === 'the head of the audit log');
  expect(await waitFor(said)).toMatchObject({ level: 'info', sequence: 3, hash: head.hash });
});

it('keeps one head for a backlog of many batches', async () => {
  await addEntries(database.read, 2_500);
  startInstance();
  await settled(2_500);
  expect((await keptHeads()).length).toBeLessThanOrEqual(5);
});

it('makes one chain and one row of heads with other instances beside it', async () => {
  const instances = [startInstance(), startInstance(), startInstance()];
  for (let n = 0; n < 5; n++) {
    await addEntries(database.read, 20);
    await settled((n + 1) * 20);
  }
  for (const { lines, value } of instances) {
    expect(lines.filter(line => line['level'] !== 'info')).toEqual([]);
    expect(await value('audit_head_contradictions')).toBe(0);
  }
});

it('goes on sealing while the object store is away, and keeps the newest head when it is back', async () => {
  fault = { status: 503 };
  const { value } = startInstance();
  await addEntries(database.read, 2);
  await waitFor(async () => (await newestSeal(database.read))?.sequence === 2);
  await addEntries(database.read, 2);
  await waitFor(async () => (await newestSeal(database.read))?.sequence === 4);
  expect(await value('audit_head_waiting_seconds')).toBeGreaterThan(0);
  fault = undefined;
  await settled(4);
  await waitFor(async () => (await value('audit_head_waiting_seconds')) === 0);
});

it('takes a lost answer for what it is: the head is there', async () => {
  fault = { loseAnswer: true };
  const { lines } = startInstance();
  await addEntries(database.read, 1);
  await waitFor(async () => (await newestSeal(database.read))?.sequence === 1);
  await waitFor(() => lines.some(line => line['loop'] === 'audit-head-keeper'), { timeoutMs: 20_000 });
  fault = undefined;
  await settled(1);
  expect(lines.filter(line => line['level'] === 'fatal')).toEqual([]);
});

it('keeps the head that a process could not, because it died between the commit and the put', async () => {
  await addEntries(database.read, 2);
  await sealBatch(database, sha256, new Date(), 500);
  expect(await keptHeads()).toEqual([]);
  startInstance();
  await settled(2);
});

it('raises the alarm when another head is kept already, and leaves that one alone', async () => {
  const other = { sequence: 1, hash: 'f'.repeat(64), at: '2026-11-20T00:00:00.000Z' };
  await heads.keep(other);
  const { lines, value } = startInstance();
  await addEntries(database.read, 1);
  await waitFor(() => lines.some(line => line['level'] === 'fatal'));
  expect(await value('audit_head_contradictions')).toBe(1);
  expect(await keptHeads()).toEqual([other]);
  await addEntries(database.read, 1);
  await settled(2);
  expect(lines.filter(line => line['level'] === 'fatal')).toHaveLength(1);
});

it('raises the alarm when the log becomes shorter under its eyes', async () => {
  const { lines } = startInstance();
  await addEntries(database.read, 2);
  await settled(2);
  const owner = openDatabase(test.ownerUrl, 1);
  await owner.read.query('alter table audit_seals disable trigger user');
  await owner.read.query('delete from audit_seals where sequence = 2');
  await owner.close();
  expect(await waitFor(() => lines.find(line => line['level'] === 'fatal'))).toMatchObject({ sequence: 1, kept: 2 });
});

it('says the head at most once a minute', async () => {
  let now = Date.now();
  const { lines } = startInstance(() => new Date(now));
  const said = () => lines.filter(line => line['msg'] === 'the head of the audit log').map(line => line['sequence']);
  for (const sequence of [1, 2]) {
    await addEntries(database.read, 1);
    await settled(sequence);
  }
  expect(said()).toEqual([1]);
  now += 60_000;
  await waitFor(() => said().length === 2);
  expect(said()).toEqual([1, 2]);
});
