import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawS3, values } from './conformance/raw.js';
import { complete, mib, putPart, startUpload } from './conformance/rule.js';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const rounds = 6;
const key = 'overwritten';

let folder: string;
let child: ChildProcess;
let raw: RawS3;

async function start(): Promise<void> {
  const env = { ...process.env, S3_FOLDER: folder, PORT: '0', S3_ACCESS_KEY: 'app', S3_SECRET_KEY: 'app-secret' };
  child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line);
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url === undefined) continue;
    expect(lines[0]).toContain('for development and tests only');
    raw = new RawS3(url, { accessKey: 'app', secretKey: 'app-secret', region: 'us-east-1' });
    return;
  }
  throw new Error('the S3 server did not start');
}

async function kill(): Promise<void> {
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-s3-crash-'));
  await start();
  await raw.call('PUT', 'models');
});

afterAll(async () => {
  await kill();
  await rm(folder, { recursive: true });
});

const md5 = (body: Buffer) => createHash('md5').update(body).digest('hex');

/** Writes one key over and over, in one piece and in parts, until the server is gone. */
async function overwrite(bodies: Map<string, Buffer>, acknowledged: string[]): Promise<void> {
  const target = { raw, bucket: 'models', minio: undefined as never };
  try {
    for (;;) {
      const body = randomBytes(1 + Math.floor(Math.random() * mib));
      bodies.set(md5(body), body);
      if ((await raw.call('PUT', 'models', key, { body })).status === 200) acknowledged.push(md5(body));
      const parts = [randomBytes(5 * mib), body];
      const joined = Buffer.concat(parts);
      bodies.set(md5(joined), joined);
      const id = await startUpload(target, key);
      const listed = [await putPart(target, key, id, 1, parts[0]!), await putPart(target, key, id, 2, parts[1]!)];
      if ((await complete(target, key, id, listed)).status === 200) acknowledged.push(md5(joined));
    }
  } catch {
    return;
  }
}

it('keeps the last acknowledged version or a later one, whole, however often it is killed', async () => {
  let checked = 0;
  for (let round = 0; round < rounds; round += 1) {
    const bodies = new Map<string, Buffer>();
    const acknowledged: string[] = [];
    const writing = overwrite(bodies, acknowledged);
    await new Promise(resolve => setTimeout(resolve, 150 + Math.random() * 250));
    await kill();
    await writing;
    await start();

    const read = await raw.call('GET', 'models', key);
    const last = acknowledged.at(-1);
    if (last !== undefined) {
      checked += 1;
      const names = [...bodies.keys()];
      expect(read.status).toBe(200);
      expect(names.indexOf(md5(read.body))).toBeGreaterThanOrEqual(names.indexOf(last));
    }
    const uploads = values((await raw.call('GET', 'models', '', { query: { uploads: '' } })).text, 'UploadId');
    for (const uploadId of uploads) await raw.call('DELETE', 'models', key, { query: { uploadId } });
    const data = await readdir(join(folder, 'data'));
    expect(data.length).toBe(read.headers.etag?.includes('-2') ? 2 : read.status === 200 ? 1 : 0);
  }
  expect(checked).toBeGreaterThan(0);
}, 60_000);
