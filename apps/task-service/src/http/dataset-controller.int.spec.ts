import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { anonymous, type Caller } from '@arena/auth';
import type { KeyId, Wallet } from '@arena/contracts';
import { testBuckets, testDatabase, type TestDatabase } from '@arena/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrive, begin, beginVersion, type Ref } from '../fixture/dataset-sending.js';
import { openStand, sha256, type Stand } from '../fixture/dataset-stand.js';
import { findReadyVersions } from '../store/datasets.js';

const migrations = [
  { name: 'task-service', directory: fileURLToPath(new URL('../../prisma/migrations', import.meta.url)) },
];

const account = `0x${'b'.repeat(40)}` as Wallet;
const trainer: Caller = { kind: 'session', id: 'b' as KeyId, account, admin: false };
/** An admin's key that was not made for it. */
const lesserKey: Caller = { kind: 'key', id: 'c' as KeyId, account, admin: true, scopes: ['read'] };
const others = [anonymous, trainer, lesserKey];

let test: TestDatabase;
let stand: Stand;
const data = randomBytes(50);
let open: Ref;
let hidden: Ref;
let draft: Ref;

beforeAll(async () => {
  test = await testDatabase({ service: 'task-service', migrations });
  stand = openStand({ databaseUrl: test.appUrl, s3: await testBuckets() });
  open = await arrive(stand, data);
  hidden = await arrive(stand, randomBytes(50), 'hidden-a');
  while (await stand.verify());
  draft = await beginVersion(stand, open.dataset, 50);
});

afterAll(async () => {
  await stand.close();
  await test.drop();
});

describe('a hidden set', () => {
  it.each(others)('does not exist for others ($kind)', async caller => {
    const { items } = await stand.ask('datasets.list', {}, caller);
    expect(items.map(({ dataset }) => dataset)).toEqual([open.dataset]);
    expect((await stand.ask('datasets.list', { query: { purpose: 'hidden-a' } }, caller)).items).toEqual([]);
    for (const route of ['datasets.get', 'datasets.versions.list'] as const)
      await expect(stand.ask(route, { params: { dataset: hidden.dataset } }, caller)).rejects.toThrow('not-found');
    for (const route of ['datasets.versions.get', 'datasets.versions.download'] as const)
      await expect(stand.ask(route, { params: hidden }, caller)).rejects.toThrow('not-found');
  });

  it('is seen by admins, and downloaded by nobody', async () => {
    const { items } = await stand.ask('datasets.list', { query: { purpose: 'hidden-a' } });
    expect(items).toMatchObject([{ dataset: hidden.dataset, latest: 1 }]);
    const { items: versions } = await stand.ask('datasets.versions.list', { params: { dataset: hidden.dataset } });
    expect(JSON.stringify(versions)).not.toMatch(/https?:|sha256\//);
    await expect(stand.ask('datasets.versions.download', { params: hidden })).rejects.toThrow('dataset/hidden');
    await expect(stand.ask('datasets.versions.parts.urls', { params: hidden, body: { numbers: [1] } })).rejects.toThrow(
      'dataset/state',
    );
  });
});

describe('an unfinished version', () => {
  it.each(others)('does not exist for others ($kind)', async caller => {
    const { items } = await stand.ask('datasets.versions.list', { params: { dataset: open.dataset } }, caller);
    expect(items.map(({ version }) => version)).toEqual([1]);
    const asked = { params: { dataset: open.dataset }, query: { state: 'uploading' } };
    expect((await stand.ask('datasets.versions.list', asked, caller)).items).toEqual([]);
    await expect(stand.ask('datasets.versions.get', { params: draft }, caller)).rejects.toThrow('not-found');
    await expect(stand.ask('datasets.versions.download', { params: draft }, caller)).rejects.toThrow('not-found');
  });

  it('is listed for admins, newest first, page by page', async () => {
    const first = await stand.ask('datasets.versions.list', { params: { dataset: open.dataset }, query: { limit: 1 } });
    expect(first.items).toMatchObject([{ version: 2, state: 'uploading' }]);
    const query = { limit: 1, cursor: first.next };
    const second = await stand.ask('datasets.versions.list', { params: { dataset: open.dataset }, query });
    expect(second).toMatchObject({ items: [{ version: 1, state: 'ready' }], next: null });
  });
});

it('lists datasets newest first, page by page', async () => {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await stand.ask('datasets.list', { query: { limit: 1, ...(cursor && { cursor }) } });
    seen.push(...page.items.map(({ dataset }) => dataset));
    cursor = page.next;
  }
  expect(seen).toEqual([hidden.dataset, open.dataset]);
});

it('refuses a version of a dataset that is not there', async () => {
  const params = { dataset: '01900000-0000-7000-8000-000000000000' };
  const body = { filename: 'a', format: 'csv', size: 1 };
  await expect(stand.ask('datasets.versions.begin', { params, body })).rejects.toThrow('resource/not-found');
});

it('gives those of the named versions that are ready, with where their bytes lie', async () => {
  const found = await findReadyVersions(stand.database.read, [open, draft, { ...hidden, version: 7 }]);
  const digest = sha256(data);
  expect(found).toEqual([
    { ...open, purpose: 'training', sha256: digest, size: 50, format: 'npz', key: `sha256/${digest}` },
  ]);
  expect(await findReadyVersions(stand.database.read, [])).toEqual([]);
});

it('never changes or loses a ready version, whatever the program asks of the database', async () => {
  const { datasetVersion } = stand.database.read.prisma;
  const where = { dataset_version: open };
  await expect(datasetVersion.update({ where, data: { filename: 'other' } })).rejects.toThrow(/never changes/);
  await expect(datasetVersion.update({ where, data: { state: 'failed' } })).rejects.toThrow(/never changes/);
  await expect(datasetVersion.delete({ where })).rejects.toThrow(/never changes/);
});

it('records what admins do', async () => {
  const ref = await begin(stand, 10);
  await stand.ask('datasets.versions.abandon', { params: ref });
  await stand.ask('datasets.versions.abandon', { params: ref });
  const entries = async (subject: string) =>
    (await stand.database.read.prisma.auditEntry.findMany({ where: { subject }, orderBy: { id: 'asc' } }))
      .map(({ action, actor }) => `${actor.slice(0, 4)} ${action}`)
      .sort();
  expect(await entries(`dataset:${ref.dataset}`)).toEqual(['0xaa dataset.create']);
  expect(await entries(`dataset:${ref.dataset}/1`)).toEqual(['0xaa dataset.abandon', '0xaa dataset.begin']);
  expect(await entries(`dataset:${open.dataset}/1`)).toEqual(['0xaa dataset.begin', '0xaa dataset.complete']);
});
