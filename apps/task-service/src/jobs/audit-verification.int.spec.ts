import { openObjects, type Objects } from '@arena/objects';
import { testBuckets, testDatabase, type TestDatabase } from '@arena/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditHeads, type AuditHeads } from '../files/audit-heads.js';
import { addEntries, auditSchema } from '../fixture/audit-log.js';
import { sha256 } from '../sha256.js';
import { sealBatch } from '../store/audit-seals.js';
import { openDatabase, type TaskDatabase } from '../store/database.js';
import { alsoAgainst, currentHead, verifyAudit } from './audit-verification.js';

const sealedAt = new Date('2026-11-21T12:00:00Z');
const muchLater = new Date('2026-11-21T13:00:00Z');
let test: TestDatabase;
let database: TaskDatabase;
let owner: TaskDatabase;
let objects: Objects;
let bucket: string;
let heads: AuditHeads;
let entries: string[];

beforeEach(async () => {
  const s3 = await testBuckets();
  bucket = s3.bucket;
  objects = openObjects(s3);
  heads = auditHeads(objects, bucket);
  test = await testDatabase(auditSchema);
  database = openDatabase(test.appUrl, 3);
  owner = openDatabase(test.ownerUrl, 1);
  entries = await addEntries(database.read, 20);
  while ((await sealBatch(database, sha256, sealedAt, 5)) > 0) await heads.keep(await currentHead(database.read));
});
afterEach(async () => {
  await Promise.all([database.close(), owner.close()]);
  await test.drop();
});

const verify = (now = muchLater) => verifyAudit({ sql: database.read, heads, now });

async function faultsAfter(...statements: string[]): Promise<string[]> {
  for (const table of ['audit_entries', 'audit_seals'])
    await owner.read.query(`alter table ${table} disable trigger user`);
  await owner.read.query('alter table audit_seals drop constraint audit_seals_entry_fkey');
  for (const statement of statements) await owner.read.query(statement);
  const { intact, faultCount, faults } = await verify();
  expect([intact, faults.length]).toEqual([faultCount === 0, Math.min(100, faultCount)]);
  return faults.map(({ kind, sequence }) => `${kind} ${sequence}`);
}

it('finds nothing wrong with an untouched log', async () => {
  const head = await currentHead(database.read);
  const whole = { intact: true, checked: 20, outsideHeads: 4, faultCount: 0, faults: [] };
  expect(await verify()).toEqual({ ...whole, head });
  expect(head).toMatchObject({ sequence: 20, at: sealedAt.toISOString() });
});

it('finds nothing wrong with an empty log', async () => {
  const empty = await testDatabase(auditSchema);
  const nothing = openDatabase(empty.appUrl, 1);
  const { bucket: another } = await testBuckets();
  const verdict = await verifyAudit({ sql: nothing.read, heads: auditHeads(objects, another), now: muchLater });
  await nothing.close();
  await empty.drop();
  expect(verdict).toMatchObject({ intact: true, checked: 0, head: { sequence: 0, hash: '0'.repeat(64), at: null } });
});

describe('tampering by the owner of the tables is found:', () => {
  const columns = {
    ...{ at: `at + interval '1 millisecond'`, recorded_at: `'infinity'`, actor: `'0xother'`, action: `'task.cancel'` },
    ...{ subject: `'task:8'`, reason: 'null', before: `'{}'`, after: `'{"n": 12345678901234567890}'`, trace_id: `'x'` },
  };
  it('a change of any column of an entry', async () => {
    const changes = Object.entries(columns).map(
      ([column, value], n) => `update audit_entries set ${column} = ${value} where id = '${entries[n]}'`,
    );
    expect(await faultsAfter(...changes)).toEqual(changes.map((_, n) => `changed ${n + 1}`));
  });

  it('a changed id', async () => {
    const id = '019a0000-0000-7000-8000-000000000000';
    const update = `update audit_entries set id = '${id}' where id = '${entries[6]}'`;
    expect(await faultsAfter('drop table audit_waiting', update)).toEqual(['missing 7', 'unsealed null']);
  });

  it('a removed entry', async () => {
    expect(await faultsAfter(`delete from audit_entries where id = '${entries[6]}'`)).toEqual(['missing 7']);
  });

  it('an entry removed with its link', async () => {
    const remove = [
      `delete from audit_entries where id = '${entries[6]}'`,
      'delete from audit_seals where sequence = 7',
    ];
    expect(await faultsAfter(...remove)).toEqual(['gap 8']);
  });

  it('a link that is gone while its entry stays', async () => {
    const remove = 'delete from audit_seals where sequence = 10';
    expect(await faultsAfter(remove)).toEqual(['gap 11', 'unsealed null', 'gap 10']);
  });

  it('two entries that changed places', async () => {
    const [a, b] = [entries[6], entries[7]];
    const swap = `update audit_seals set entry = case sequence when 7 then '${b}'::uuid else '${a}'::uuid end where sequence in (7, 8)`;
    expect(await faultsAfter('drop index audit_seals_entry_key', swap)).toEqual(['changed 7', 'changed 8']);
  });

  it('two links that changed places', async () => {
    const swap = 'update audit_seals set sequence = 15 - sequence where sequence in (7, 8)';
    const found = await faultsAfter('alter table audit_seals drop constraint audit_seals_pkey', swap);
    expect(found).toEqual(['order 7', 'changed 7', 'order 8', 'changed 8', 'order 9']);
  });

  it('a fork', async () => {
    const copy = `insert into audit_seals select 7, '${entries[7]}', previous, hash, sealed_at from audit_seals where sequence = 7`;
    const allow = ['alter table audit_seals drop constraint audit_seals_pkey', 'drop index audit_seals_entry_key'];
    const found = await faultsAfter(...allow, 'drop index audit_seals_previous_key', copy);
    expect(found).toEqual(['fork 7', 'changed 7']);
  });

  it('a cut end, by the heads outside', async () => {
    const cut = [
      `delete from audit_seals where sequence > 12`,
      `delete from audit_entries where at > '2026-11-21T10:00:12Z'`,
    ];
    expect(await faultsAfter(...cut)).toEqual(['truncated 15', 'truncated 20']);
  });

  it('an emptied log, by the heads outside', async () => {
    const found = await faultsAfter('truncate audit_seals', 'truncate audit_entries cascade');
    expect(found).toEqual([5, 10, 15, 20].map(sequence => `truncated ${sequence}`));
  });

  it('a log that was rewritten with all hashes made anew, by the heads outside', async () => {
    const change = [
      `update audit_entries set reason = 'another' where id = '${entries[6]}'`,
      'delete from audit_seals where sequence > 6',
    ];
    const again =
      'insert into audit_waiting select id from audit_entries e where not exists (select from audit_seals s where s.entry = e.id)';
    await faultsAfter(...change, again);
    await sealBatch(database, sha256, sealedAt, 500);
    expect((await verify()).faults.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ...[10, 15, 20].map(sequence => ['rewritten', sequence]),
    ]);
  });
});

it('counts all faults and shows the first hundred', async () => {
  await addEntries(database.read, 200);
  await sealBatch(database, sha256, sealedAt, 500);
  await heads.keep(await currentHead(database.read));
  await faultsAfter(`update audit_entries set actor = 'x'`);
  expect(await verify()).toMatchObject({ intact: false, checked: 220, faultCount: 220 });
});

it('reports an entry that is not sealed after a minute, and no younger one', async () => {
  const recorded = new Date('2026-11-21T12:30:00Z');
  const [id] = await addEntries(database.read, 1, recorded);
  expect((await verify(new Date(recorded.getTime() + 59_000))).intact).toBe(true);
  const { faults } = await verify(new Date(recorded.getTime() + 61_000));
  expect(faults).toMatchObject([{ kind: 'unsealed', sequence: null, entry: id }]);
});

it('reports a newest link that is kept nowhere outside after a minute, and no younger one', async () => {
  await addEntries(database.read, 1);
  await sealBatch(database, sha256, sealedAt, 500);
  expect((await verify(new Date(sealedAt.getTime() + 59_000))).intact).toBe(true);
  expect((await verify()).faults).toMatchObject([{ kind: 'unpublished', sequence: 21 }]);
});

it('reports objects among the heads that are none', async () => {
  await objects.put(bucket, 'heads/00000000000000000007.json', JSON.stringify({ sequence: 8, hash: 'x', at: null }));
  await objects.put(bucket, 'heads/readme', 'x'.repeat(2_000));
  const { faults } = await verify();
  expect(faults.map(({ kind, sequence }) => [kind, sequence])).toEqual([['head', 7], ['head', null]]); // prettier-ignore
});

it('compares with a head that the caller kept', async () => {
  const verdict = await verify();
  const kinds = async (sequence: number, hash: string) =>
    (await alsoAgainst({ sequence, hash }, verdict, database.read)).faults.map(({ kind }) => kind);
  const newest = await currentHead(database.read);
  expect(await kinds(newest.sequence, newest.hash)).toEqual([]);
  expect(await kinds(3, newest.hash)).toEqual(['rewritten']);
  expect(await kinds(21, newest.hash)).toEqual(['truncated']);
});

it('says that it could not check when the heads outside cannot be read', async () => {
  const away = auditHeads(objects, 'no-such-bucket');
  const checking = verifyAudit({ sql: database.read, heads: away, now: muchLater });
  await expect(checking).rejects.toMatchObject({ code: 'service/unavailable' });
});
