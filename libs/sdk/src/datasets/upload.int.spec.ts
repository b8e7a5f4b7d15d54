import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTaskService, type TaskService } from '../fixture/task-service.js';
import { bytesSource, uploadDataset, type ByteSource, type Client, type UploadOptions } from '../index.js';
import { downloadDatasetTo, fileSource, nativeHash } from '../node/index.js';

const PART = 5 * 1024 * 1024;
const bytes = new Uint8Array(randomBytes(3 * PART + 11));
const sha256 = createHash('sha256').update(bytes).digest('hex');

let service: TaskService;
let admin: Client;
let folder: string;

beforeAll(async () => {
  service = await startTaskService();
  admin = service.admin;
  folder = await mkdtemp(join(tmpdir(), 'arena-sdk-'));
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

async function options(more: Partial<UploadOptions> = {}): Promise<UploadOptions> {
  const body = { name: 'A set', purpose: 'training' as const };
  const { dataset } = await admin.call('datasets.create', { body });
  return { dataset, source: bytesSource(bytes), filename: 'a.npz', format: 'npz', partSize: PART, ...more };
}

/** The line to the object store, which counts and breaks as told. */
function line(fault: (put: number) => Response | Error | undefined = () => undefined) {
  const puts: string[] = [];
  const send: typeof fetch = async (url, init) => {
    puts.push(new URL(String(url)).searchParams.get('partNumber') ?? '');
    const broken = fault(puts.length);
    if (broken instanceof Error) throw broken;
    return broken ?? fetch(url, init);
  };
  return { fetch: send, puts };
}

/** The number of the version that an upload began before it broke off after a part. */
async function breakOff(wanted: UploadOptions): Promise<number> {
  const stop = new AbortController();
  let version = 0;
  const broken = uploadDataset(admin, {
    ...wanted,
    concurrency: 1,
    signal: stop.signal,
    onProgress: progress => {
      version = progress.version;
      if (progress.sent > 0) stop.abort(new Error('killed'));
    },
  });
  await expect(broken).rejects.toThrow('killed');
  return version;
}

describe('uploadDataset', () => {
  it('ends with a version that the server has verified', async () => {
    const seen: string[] = [];
    const { fetch, puts } = line();
    const onProgress = ({ doing, sent }: { doing: string; sent: number }) => seen.push(`${doing} ${sent}`);
    const version = await uploadDataset(admin, await options({ fetch, onProgress }));
    expect(version).toMatchObject({ state: 'ready', sha256, size: bytes.length });
    expect(puts.sort()).toEqual(['1', '2', '3', '4']);
    expect(seen[0]).toBe('sending 0');
    expect(seen.slice(-2)).toEqual([`verifying ${bytes.length}`, `done ${bytes.length}`]);
  });

  it('sends a part again when the line breaks or the store refuses', async () => {
    const faults = [undefined, new TypeError('fetch failed'), new Response('expired', { status: 403 })];
    const { fetch, puts } = line(put => faults[put]);
    const version = await uploadDataset(admin, await options({ fetch, concurrency: 2 }));
    expect(version.sha256).toBe(sha256);
    expect(puts).toHaveLength(6);
  });

  it('gives up on a part that is refused again and again, and says what the store said', async () => {
    const { fetch } = line(() => new Response('no room', { status: 507 }));
    const failed = uploadDataset(admin, await options({ fetch, source: bytesSource(bytes.subarray(0, 100)) }));
    await expect(failed).rejects.toMatchObject({ code: 'client/upload', status: 507, detail: 'no room' });
  });

  it('holds no more parts than it has workers', async () => {
    let read = 0;
    let held = 0;
    let most = 0;
    const counting: ByteSource = {
      size: bytes.length,
      read: (offset, length) => {
        read += length;
        most = Math.max(most, read - held);
        return Promise.resolve(bytes.subarray(offset, offset + length));
      },
    };
    const { fetch } = line();
    const freeing: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      held += PART;
      return response;
    };
    await uploadDataset(admin, await options({ source: counting, concurrency: 2, fetch: freeing }));
    expect(most).toBeGreaterThan(PART);
    expect(most).toBeLessThanOrEqual(2 * PART);
  });
});

describe('a resumed upload', () => {
  it('sends only what has not landed', async () => {
    const wanted = await options();
    const resume = await breakOff(wanted);
    const { fetch, puts } = line();
    const version = await uploadDataset(admin, { ...wanted, resume, fetch });
    expect(version).toMatchObject({ version: resume, state: 'ready', sha256 });
    expect(puts.sort()).toEqual(['2', '3', '4']);
  });

  it('of one that was completed sends nothing and gives the same version', async () => {
    const wanted = await options();
    const { version } = await uploadDataset(admin, wanted);
    const { fetch, puts } = line();
    expect(await uploadDataset(admin, { ...wanted, resume: version, fetch })).toMatchObject({
      version,
      state: 'ready',
    });
    expect(puts).toEqual([]);
  });

  it('of a file of another length is refused before anything is sent', async () => {
    const wanted = await options();
    const resume = await breakOff(wanted);
    const source = bytesSource(bytes.subarray(1));
    await expect(uploadDataset(admin, { ...wanted, source, resume })).rejects.toThrow(
      `this file has ${bytes.length - 1}`,
    );
  });

  it('of other bytes is refused before anything is sent, and after it was completed too', async () => {
    const wanted = await options();
    const resume = await breakOff(wanted);
    const other = bytes.slice();
    other[0] = (other[0] ?? 0) ^ 1;
    const { fetch, puts } = line();
    const failed = () => uploadDataset(admin, { ...wanted, source: bytesSource(other), resume, fetch });
    await expect(failed()).rejects.toMatchObject({
      code: 'client/upload',
      detail: expect.stringContaining('Part 1 of the earlier upload'),
    });
    expect(puts).toEqual([]);
    await uploadDataset(admin, { ...wanted, resume });
    await expect(failed()).rejects.toThrow('ready with other bytes');
  });
});

describe('files', () => {
  it('go up from disk and come back the same', async () => {
    const [from, to] = [join(folder, 'from.npz'), join(folder, 'to.npz')];
    await writeFile(from, bytes);
    const source = await fileSource(from);
    const wanted = await options({ source, newHash: nativeHash });
    const { version } = await uploadDataset(admin, wanted).finally(() => source.close());
    const { dataset } = wanted;
    expect(await downloadDatasetTo(admin, { dataset, version, path: to })).toMatchObject({ sha256, filename: 'a.npz' });
    expect((await readFile(to)).equals(bytes)).toBe(true);
  });

  it('that cannot be verified do not come to lie under their name', async () => {
    const wanted = await options();
    const { version } = await uploadDataset(admin, wanted);
    const path = join(folder, 'wrong.npz');
    const spoiling: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      const body = new Uint8Array(await response.arrayBuffer());
      body[7] = (body[7] ?? 0) ^ 1;
      return new Response(body, response);
    };
    const call = downloadDatasetTo(admin, { dataset: wanted.dataset, version, path, fetch: spoiling });
    await expect(call).rejects.toMatchObject({ code: 'client/download' });
    expect((await readdir(folder)).filter(name => name.startsWith('wrong'))).toEqual([]);
  });
});
