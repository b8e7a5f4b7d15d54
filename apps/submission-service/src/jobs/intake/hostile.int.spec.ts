import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStand, trainer, type Stand } from '../../fixture/intake-stand.js';
import { testIntake } from '../../fixture/test-intake.js';

interface Hostile {
  name: string;
  codes: string[];
  model: string;
  data: { file: string; name: string | null } | null;
}

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const main = join(root, 'libs', 'onnx', 'src', 'fixture', 'hostile-main.ts');

let stand: Stand;
let drop: () => Promise<void>;
let folder: string;
let files: Hostile[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-hostile-'));
  await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=@arena/source', main, folder], { cwd: root }); // prettier-ignore
  const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as { rules: object; files: Hostile[] };
  files = index.files;
  const test = await testIntake();
  drop = test.drop;
  stand = openStand(test.place);
  await stand.task(1, {}, index.rules);
  await stand.stake(trainer('1'));
}, 120_000);

afterAll(async () => {
  await stand.close();
  await drop();
  await rm(folder, { recursive: true });
});

async function hand({ model, data }: Hostile): Promise<string> {
  const bytes = await readFile(join(folder, model));
  const weights = data ? { data: await readFile(join(folder, data.file)), dataName: data.name ?? 'weights.bin' } : {};
  return stand.hand(bytes, weights);
}

describe('hostile files', { timeout: 600_000 }, () => {
  it('are each rejected for what they are, in bounded time, and the next sound model is accepted', async () => {
    // Each takes a process: every second one, and the first of each code. @arena/onnx tests them all.
    const seen = new Set<string>();
    const isNew = ({ codes }: Hostile) => codes.filter(code => !seen.has(code) && seen.add(code)).length > 0;
    const hostile = files.filter((file, index) => file.codes.length > 0 && (isNew(file) || index % 2 === 0));
    const handed = new Map<string, Hostile>();
    for (const file of hostile) handed.set(await hand(file), file);
    const [sound] = files.filter(({ codes }) => codes.length === 0);
    const last = await hand(sound!);
    let slowest = 0;
    const worker = async () => {
      for (let start = performance.now(); await stand.run(); start = performance.now())
        slowest = Math.max(slowest, performance.now() - start);
    };
    await Promise.all([worker(), worker()]);

    const wrong: string[] = [];
    for (const [submission, { name, codes }] of handed) {
      const expected = [...new Set(codes)].sort();
      const { reasons } = (await stand.state(submission)) as { reasons?: { code: string; detail: string }[] };
      const got = [...new Set((reasons ?? []).map(({ code }) => code))].sort();
      if (got.join() !== expected.join()) wrong.push(`${name}: ${got.join()} and not ${expected.join()}`);
      for (const { detail } of reasons ?? []) expect(detail.length).toBeLessThan(300);
    }
    expect(wrong).toEqual([]);
    expect(handed.size).toBeGreaterThan(60);
    expect(await stand.outcome(last)).toBe('accepted');
    expect(slowest).toBeLessThan(30_000);
    expect(stand.spent).not.toContain('crash');
    expect(await stand.blindKeys()).toHaveLength(1);
    expect((await readdir(stand.folder, { recursive: true })).filter(path => /model|blind|data/.test(path))).toEqual(
      [],
    );
  });
});
