import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openObjects } from '@arena/objects';
import { testBuckets, testDatabase, type TestDatabase } from '@arena/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { auditHeads } from './files/audit-heads.js';
import { addEntries, auditSchema } from './fixture/audit-log.js';
import { currentHead } from './jobs/audit-verification.js';
import { sha256 } from './sha256.js';
import { sealBatch } from './store/audit-seals.js';
import { openDatabase, type TaskDatabase } from './store/database.js';

// Each run is a process that compiles its sources first.
vi.setConfig({ testTimeout: 120_000 });

const main = fileURLToPath(new URL('audit-verify-main.ts', import.meta.url));
let test: TestDatabase;
let database: TaskDatabase;
let env: Record<string, string>;
let head: string;

beforeEach(async () => {
  const s3 = await testBuckets();
  const { endpoint, region, accessKey, secretKey, bucket } = s3;
  test = await testDatabase(auditSchema);
  database = openDatabase(test.ownerUrl, 1);
  await addEntries(database.read, 3, new Date());
  await sealBatch(database, sha256, new Date(), 500);
  const newest = await currentHead(database.read);
  await auditHeads(openObjects(s3), bucket).keep(newest);
  head = `${newest.sequence}:${newest.hash}`;
  env = {
    ...{ S3_ENDPOINT: endpoint, S3_REGION: region, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey },
    ...{ AUDIT_BUCKET: bucket, DATABASE_URL: test.appUrl },
  };
});
afterEach(async () => {
  await database.close();
  await test.drop();
});

async function run(args: string[] = [], given = env) {
  const command = ['--import', 'tsx', '--conditions=@arena/source', main, ...args];
  const child = spawn(process.execPath, command, { env: { PATH: process.env['PATH'], ...given } });
  const exited = new Promise<number | null>(resolve => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, code };
}

it('says in words that the log is intact, and ends with 0', async () => {
  const { out, err, code } = await run(['--head', head]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('The audit log is intact.\n  links recomputed  3\n  heads outside     1\n');
  expect(out).toContain(head);
});

it('says in JSON what is wrong, and ends with 1', async () => {
  const foreign = `3:${'f'.repeat(64)}`;
  const { out, code } = await run(['--json', '--head', foreign]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ intact: false, checked: 3, faults: [{ kind: 'rewritten', sequence: 3 }] });
  const words = await run(['--head', foreign]);
  expect(words.out).toContain('The audit log is NOT INTACT.');
  expect(words.out).toContain('rewritten: link 3, its hash is not the one kept by you\n');
});

it('ends with 2 and says why when it could not check', async () => {
  const { S3_SECRET_KEY, ...incomplete } = env;
  const password = S3_SECRET_KEY ?? '';
  const attempts = await Promise.all([
    run([], incomplete),
    run(['--head', '3']),
    run(['--what']),
    run([], { ...env, DATABASE_URL: 'postgres://tasks_app:secret-canary@127.0.0.1:1/arena' }),
    run([], { ...env, AUDIT_BUCKET: 'no-such-bucket' }),
  ]);
  expect(attempts.map(({ code, out }) => [code, out])).toEqual(attempts.map(() => [2, '']));
  const said = attempts.map(({ err }) => err);
  expect(said[0]).toContain('S3_SECRET_KEY is missing');
  expect(said[1]).toContain('--head is not SEQUENCE:HASH');
  expect(said[3]).toContain('the database cannot be reached');
  expect(said.join()).not.toMatch(new RegExp(`secret-canary|${password}`));
});
