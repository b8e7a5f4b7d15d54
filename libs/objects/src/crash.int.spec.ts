import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openObjects, sha256Of, type Objects } from './index.js';

const main = fileURLToPath(new URL('../../../tools/s3/src/main.ts', import.meta.url));
const keys = { accessKey: 'app', secretKey: 'app-secret' };
const mib = 1024 * 1024;

let folder: string;
let port: number;
let child: ChildProcess;
let objects: Objects;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

async function start(): Promise<void> {
  const env = {
    ...process.env,
    S3_FOLDER: folder,
    PORT: String(port),
    S3_ACCESS_KEY: keys.accessKey,
    S3_SECRET_KEY: keys.secretKey,
  };
  child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout! })) if (line.includes('http://')) return;
  throw new Error('the S3 server did not start');
}

async function kill(): Promise<void> {
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-crash-'));
  port = await freePort();
  await start();
  objects = openObjects({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', ...keys });
  await objects.ensureBucket('models');
});

afterAll(async () => {
  await kill();
  await rm(folder, { recursive: true });
});

it('resumes an upload whose server was killed in the middle of a part', async () => {
  const bodies = [randomBytes(5 * mib), randomBytes(30 * mib), randomBytes(77)];
  const send = async (id: string, number: number) => {
    const url = await objects.presignPart('models', 'resumed', id, number, { expiresSeconds: 60 });
    return fetch(url, { method: 'PUT', body: new Uint8Array(bodies[number - 1]!) });
  };
  const id = await objects.createUpload('models', 'resumed');
  expect((await send(id, 1)).status).toBe(200);
  const second = send(id, 2).then(
    answer => answer.status,
    () => 'cut',
  );
  await new Promise(resolve => setTimeout(resolve, 15));
  await kill();
  await start();
  const outcome = await second;

  const arrived = await objects.listParts('models', 'resumed', id);
  const numbers = arrived.map(part => part.number);
  expect(numbers).toContain(1);
  if (outcome === 200) expect(numbers).toContain(2);
  for (const number of [1, 2, 3]) if (!numbers.includes(number)) expect((await send(id, number)).status).toBe(200);
  await objects.completeUpload('models', 'resumed', id, await objects.listParts('models', 'resumed', id));
  const expected = createHash('sha256').update(Buffer.concat(bodies)).digest('hex');
  expect((await sha256Of(await objects.read('models', 'resumed'))).sha256).toBe(expected);
});
