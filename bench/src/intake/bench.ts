import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bench, compared } from '../row.js';
import { readByChild } from './child.js';

const rounds = 5;
const mebibytes = 1_900;
const MEGABYTE = 1_000_000;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const maker = join(root, 'libs', 'onnx', 'src', 'fixture', 'large-main.ts');

async function plainHash(path: string): Promise<number> {
  const start = performance.now();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  hash.digest();
  return (performance.now() - start) / 1_000;
}

export const intake: Bench = {
  about: 'MB/s of inspect, canonicalise and fingerprint of a 1.9 GB model, beside a plain sha256 of the same file',
  async run(progress) {
    const folder = await mkdtemp(join(tmpdir(), 'arena-bench-intake-'));
    try {
      const path = join(folder, 'model.onnx');
      const flags = ['--import', 'tsx', '--conditions=@arena/source'];
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, maker, path, String(mebibytes)], {
        cwd: root,
      });
      const megabytes = Number(stdout.trim()) / MEGABYTE;
      await plainHash(path);
      const [ours, plain, peaks]: [number[], number[], number[]] = [[], [], []];
      for (let round = 1; round <= rounds; round++) {
        plain.push(megabytes / (await plainHash(path)));
        const { seconds, peakBytes } = await readByChild(path);
        ours.push(megabytes / seconds);
        peaks.push(peakBytes / MEGABYTE);
        progress(
          `round ${round}: sha256 ${plain.at(-1)?.toFixed(0)} MB/s, intake ${ours.at(-1)?.toFixed(0)} MB/s, ${peaks.at(-1)?.toFixed(0)} MB at most`,
        );
      }
      const peak = { value: Math.round(Math.max(...peaks)), baseline: null, ratio: null };
      return [compared('intake', 'MB/s', ours, plain), { name: 'intake.memory', unit: 'MB', ...peak }];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
