import { routes, type BodyOf, type QueryOf, type Routes } from '@arena/contracts';
import type { Call } from '@arena/http';
import { openObjects } from '@arena/objects';
import { testBuckets, testDatabase, type TestDatabase } from '@arena/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chain, genesis, type ChainedEntry } from '../core/audit-chain.js';
import { auditHeads } from '../files/audit-heads.js';
import { addEntries, auditSchema } from '../fixture/audit-log.js';
import { sha256 } from '../sha256.js';
import { sealBatch } from '../store/audit-seals.js';
import { openDatabase, type Tx, type TaskDatabase } from '../store/database.js';
import { AuditController } from './audit-controller.js';

const now = new Date('2026-11-21T12:00:00Z');
let test: TestDatabase;
let database: TaskDatabase;
let controller: AuditController;
let newestFirst: string[];

beforeAll(async () => {
  const s3 = await testBuckets();
  test = await testDatabase(auditSchema);
  database = openDatabase(test.appUrl, 3);
  controller = new AuditController(database, auditHeads(openObjects(s3), s3.bucket), () => now);
  // Two runs over the same times: what has the same time is told apart by its id.
  newestFirst = [...(await addEntries(database.read, 9)), ...(await addEntries(database.read, 9))];
  const rows = await database.read.prisma.auditEntry.findMany({ orderBy: [{ at: 'desc' }, { id: 'desc' }] });
  newestFirst = rows.map(({ id }) => id);
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

async function list(query: Record<string, unknown>) {
  const parsed = routes['audit.list'].query.parse(query) as QueryOf<Routes['audit.list']>;
  return routes['audit.list'].answer.parse(await controller.list({ query: parsed } as Call<'audit.list', Tx>));
}

const verify = (body: BodyOf<Routes['audit.verify']>) => controller.verify({ body } as Call<'audit.verify', Tx>);

it('lists newest first, page by page, without a doubled or a missing row', async () => {
  const seen = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await list({ limit: '4', ...(cursor && { cursor }) });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  expect(seen).toEqual(newestFirst);
});

it('filters by actor, action, subject and time', async () => {
  const count = async (query: Record<string, string>) => (await list({ limit: '200', ...query })).items.length;
  expect(await count({ actor: '0xadmin', action: 'task.open' })).toBe(18);
  expect(await count({ actor: '0xother' })).toBe(0);
  expect(await count({ action: 'task.cancel' })).toBe(0);
  expect(await count({ subject: 'task:3' })).toBe(2);
  expect(await count({ from: '2026-11-21T10:00:08Z' })).toBe(4);
  expect(await count({ from: '2026-11-21T10:00:02Z', to: '2026-11-21T10:00:04Z' })).toBe(4);
});

it('refuses a cursor that it did not give out', async () => {
  await expect(list({ cursor: 'WzEsMl0' })).rejects.toMatchObject({ code: 'page/cursor' });
});

it('has the zeros as its head before the first seal, then the newest link', async () => {
  const head = () => controller.head({} as Call<'audit.head', Tx>);
  expect(await head()).toEqual({ sequence: 0, hash: '0'.repeat(64), at: null });
  expect((await list({})).items[0]?.seal).toBeNull();
  await sealBatch(database, sha256, now, 500);
  const [newest] = (await list({})).items;
  expect(await head()).toEqual({ sequence: 18, hash: newest?.seal?.hash, at: now.toISOString() });
});

it('shows all that is needed to recompute the chain', async () => {
  const { items } = await list({ limit: '200' });
  const sorted = items.toSorted((a, b) => (a.seal?.sequence ?? 0) - (b.seal?.sequence ?? 0));
  const entries = sorted.map(({ seal: _, ...entry }) => entry as ChainedEntry);
  const recomputed = chain(genesis, entries, sha256).map(({ sequence, hash, previous }) => ({
    sequence,
    hash,
    previous,
  }));
  expect(recomputed).toEqual(sorted.map(({ seal }) => seal));
});

it('verifies, and compares with the head of each caller', async () => {
  const { sequence, hash } = await controller.head({} as Call<'audit.head', Tx>);
  const head = (text: string) => routes['audit.verify'].body.parse({ head: { sequence, hash: text } });
  const verdicts = await Promise.all([verify(undefined), verify(head(hash)), verify(head('f'.repeat(64)))]);
  expect(verdicts.map(({ intact }) => intact)).toEqual([true, true, false]);
  expect(verdicts[2]?.faults).toMatchObject([{ kind: 'rewritten', sequence }]);
  expect(routes['audit.verify'].answer.parse(verdicts[0])).toMatchObject({ checked: 18, faultCount: 0 });
});
