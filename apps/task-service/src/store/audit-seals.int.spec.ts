import { setTimeout as sleep } from 'node:timers/promises';
import { pgDatabase, uuidV7, type Sql } from '@arena/db';
import { testDatabase, type TestDatabase } from '@arena/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { genesis, type Link } from '../core/audit-chain.js';
import { checkLink, type StoredLink } from '../core/audit-check.js';
import { addEntries, auditSchema } from '../fixture/audit-log.js';
import { sha256 } from '../sha256.js';
import { storedLinks } from './audit-reading.js';
import { countWaiting, sealBatch } from './audit-seals.js';
import { recordAudit, recordAuditMessage } from './audit.js';
import { openDatabase, type TaskDatabase } from './database.js';

const now = new Date('2026-11-21T12:00:00Z');
let test: TestDatabase;
let database: TaskDatabase;

beforeEach(async () => {
  test = await testDatabase(auditSchema);
  database = openDatabase(test.appUrl, 5);
});
afterEach(async () => {
  await database.close();
  await test.drop();
});

const seal = (limit = 500) => sealBatch(database, sha256, now, limit);

/** The links, having checked each. */
async function wholeChain(sql: Sql = database.read): Promise<Link[]> {
  const links: StoredLink[] = [];
  for await (const page of storedLinks(sql)) links.push(...page);
  expect(links.flatMap((link, n) => checkLink(links[n - 1] ?? genesis, link, sha256))).toEqual([]);
  return links;
}

describe('the sealer', () => {
  it('chains what is there by time, gapless from 1, batch after batch', async () => {
    const late = await addEntries(database.read, 3, new Date('2026-11-21T11:00:00Z'));
    const early = await addEntries(database.read, 2, new Date('2026-11-21T10:00:00Z'));
    expect([await seal(4), await seal(4), await seal(4)]).toEqual([4, 1, 0]);
    const links = await wholeChain();
    expect(links.map(link => link.entry)).toEqual([...early, ...late]);
    expect(links.map(link => link.sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(await countWaiting(database.read)).toBe(0);
  });

  it('finds an entry that commits after a younger one was sealed', async () => {
    let [older, younger]: (string | undefined)[] = [];
    await database.transaction(async tx => {
      [older] = await addEntries(tx, 1, new Date('2026-11-21T09:00:00Z'));
      [younger] = await addEntries(database.read, 1, new Date('2026-11-21T10:00:00Z'));
      expect(await seal()).toBe(1);
    });
    expect(await seal()).toBe(1);
    expect((await wholeChain()).map(link => link.entry)).toEqual([younger, older]);
  });

  it('makes one chain with another beside it, while entries come in', async () => {
    const other = pgDatabase({ url: test.appUrl, max: 3 });
    let writing = true;
    const sealing = [database, other].map(async each => {
      let sealed = 0;
      while (writing || (await countWaiting(database.read)) > 0) sealed += await sealBatch(each, sha256, now, 7);
      return sealed;
    });
    for (let n = 0; n < 30; n++) {
      await addEntries(database.read, 10);
      await sleep(5);
    }
    writing = false;
    const sealed = await Promise.all(sealing);
    await other.close();
    expect(await wholeChain()).toHaveLength(300);
    expect(sealed.reduce((a, b) => a + b)).toBe(300);
    expect(sealed.every(count => count > 0)).toBe(true);
  });

  it('waits for nobody: while another instance seals there is nothing to do', async () => {
    await addEntries(database.read, 1);
    await database.transaction(async tx => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('arena.audit.seal'))::text`);
      expect(await seal()).toBe(0);
    });
    expect(await seal()).toBe(1);
  });

  it('chains ten thousand entries within seconds', async () => {
    await addEntries(database.read, 10_000);
    const started = performance.now();
    while ((await seal()) > 0);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(await wholeChain()).toHaveLength(10_000);
  });

  it('is not stopped by an entry that somebody announced twice', async () => {
    const [first] = await addEntries(database.read, 1);
    await seal();
    await database.read.query('insert into audit_waiting values ($1::uuid)', [first]);
    await addEntries(database.read, 1);
    expect(await seal()).toBe(1);
  });
});

describe('the log', () => {
  it('cannot be changed or cut by the role that the service runs as', async () => {
    await addEntries(database.read, 2);
    await seal();
    const app = pgDatabase({ url: test.appUrl, max: 1 });
    const statements = [
      ...['audit_entries', 'audit_seals'].flatMap(table => [`delete from ${table}`, `truncate ${table} cascade`]),
      ...['audit_entries', 'audit_seals'].flatMap(table => [
        `drop table ${table}`,
        `alter table ${table} disable trigger all`,
      ]),
      `update audit_entries set reason = 'another'`,
      `update audit_seals set hash = 'another'`,
      `insert into audit_seals select * from audit_seals on conflict (sequence) do update set hash = 'another'`,
      `set session_replication_role = replica`,
    ];
    for (const statement of statements)
      await expect(app.read.query(statement), statement).rejects.toThrow(/append-only|permission denied|must be owner/);
    await app.close();
    expect(await wholeChain()).toHaveLength(2);
  });

  it('takes no second continuation of a link, whoever writes it', async () => {
    const ids = await addEntries(database.read, 2);
    await seal(1);
    const forged = [2, ids[1], genesis.hash, sha256('forged'), now];
    const statement = 'insert into audit_seals values ($1::bigint, $2::uuid, $3, $4, $5::timestamptz)';
    await expect(database.read.query(statement, forged)).rejects.toThrow();
    expect(await seal()).toBe(1);
    await wholeChain();
  });

  it('keeps what it is told, with characters that PostgreSQL cannot store replaced', async () => {
    const told = {
      actor: 'service:rewards-service',
      action: 'case.decide',
      subject: 'case:1',
      traceId: 'a'.repeat(32),
    };
    await database.transaction(async tx => {
      const before = { name: 'a\0b', stake: 10n ** 30n };
      await recordAudit(tx, {
        at: now,
        actor: '0xadmin',
        action: 'account.edit',
        subject: 'x\0',
        reason: 'why\0',
        before,
      });
      const message = { ...told, reason: null, before: null, after: [1, 2], at: '2026-11-21T12:00:01.000Z' };
      await recordAuditMessage(tx, message);
    });
    const rows = await database.read.prisma.auditEntry.findMany({ orderBy: { at: 'asc' } });
    expect(rows[0]).toMatchObject({ subject: 'x\uFFFD', reason: 'why\uFFFD', after: null });
    expect(rows[0]?.before).toEqual({ name: 'a\uFFFDb', stake: '1000000000000000000000000000000' });
    expect(rows[1]).toMatchObject({ ...told, reason: null, after: [1, 2], at: new Date('2026-11-21T12:00:01.000Z') });
    expect(await seal()).toBe(2);
    await wholeChain();
  });

  it('leaves no trace of what was rolled back', async () => {
    const failed = database.transaction(async tx => {
      await recordAudit(tx, { at: now, actor: '0xadmin', action: 'task.open', subject: `task:${uuidV7()}` });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await seal()).toBe(0);
  });
});
