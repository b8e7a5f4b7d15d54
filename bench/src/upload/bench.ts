import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { submitModel, type Client } from '@arena/sdk';
import { fileSource, nativeHash } from '@arena/sdk/node';
import { type Bench, compared } from '../row.js';
import { durableServers } from '../servers.js';
import { arena, store, task } from './arena.js';
import { barePuts, clientPut } from './raw.js';

const rounds = 5;
const MIB = 1024 * 1024;
const bytes = 512 * MIB;
/** Those of the server and of the SDK when nobody says otherwise. */
const partSize = 16 * MIB;
const concurrency = 4;
const MEGABYTE = 1_000_000;

/** Seconds from the call until the server has taken all of it over. Then intake reads it, and finds that it is no model. */
async function submit(trainer: Client, path: string): Promise<number> {
  const source = await fileSource(path);
  const start = performance.now();
  let seconds = Number.NaN;
  try {
    const judged = await submitModel(trainer, {
      ...{ task, source, filename: basename(path), newHash: nativeHash },
      onProgress: ({ doing }) => {
        if (doing === 'inspecting' && Number.isNaN(seconds)) seconds = (performance.now() - start) / 1_000;
      },
    });
    if (judged.state !== 'rejected' || !judged.files[0]?.sha256) throw new Error(`it was ${judged.state}`);
    return seconds;
  } finally {
    await source.close();
  }
}

async function writeRandom(path: string): Promise<void> {
  const file = await open(path, 'wx');
  for (let done = 0; done < bytes; done += MIB) await file.write(randomBytes(MIB));
  await file.close();
}

export const upload: Bench = {
  about: 'MB/s of a 512 MiB model through submitModel, beside the same file by a bare S3 client',
  async run(progress) {
    const folder = await mkdtemp(join(tmpdir(), 'arena-bench-upload-'));
    const servers = await durableServers();
    const s3 = await store(folder);
    const address = { endpoint: s3.url, region: s3.region, ...s3.admin };
    const { trainer, stop } = await arena(servers, address, folder);
    try {
      const path = join(folder, 'model.onnx');
      await writeRandom(path);
      const ways = {
        ours: (file: string) => submit(trainer, file),
        client: clientPut(address, partSize),
        bare: barePuts(address, partSize, concurrency),
      };
      const rates: Record<keyof typeof ways, number[]> = { ours: [], client: [], bare: [] };
      for (let round = 0; round <= rounds; round++) {
        const said: string[] = [];
        for (const way of ['client', 'ours', 'bare'] as const) {
          const rate = bytes / MEGABYTE / (await ways[way](path));
          said.push(`${way} ${rate.toFixed(0)} MB/s`);
          if (round > 0) rates[way].push(rate);
        }
        progress(`round ${round === 0 ? 'before the first' : round}: ${said.join(', ')}`);
      }
      return [
        compared('upload', 'MB/s', rates.ours, rates.client),
        compared('upload.bare', 'MB/s', rates.ours, rates.bare),
      ];
    } finally {
      await stop();
      await Promise.all([s3.stop(), servers.stop()]);
      await rm(folder, { recursive: true, force: true });
    }
  },
};
