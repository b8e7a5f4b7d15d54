import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@arena/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStand, trainer, type Place, type Stand } from '../../fixture/intake-stand.js';
import { smallModel, weightsOf } from '../../fixture/small-onnx.js';
import { testIntake } from '../../fixture/test-intake.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let place: Place;
let stand: Stand;
let drop: () => Promise<void>;
let seed = 0;

beforeAll(async () => {
  ({ place, drop } = await testIntake());
  stand = openStand(place);
  place = { ...place, scratch: stand.folder };
  await stand.task(1);
  for (const digit of ['1', '2']) await stand.stake(trainer(digit));
});
afterAll(async () => {
  await stand.close();
  await drop();
});
beforeEach(() => void (seed += 1));

const model = () => smallModel({ weights: weightsOf(seed) });

/** A process that dies as by kill -9 at that point, with a job in hand. */
async function killedAt(point: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@arena/source', here('../../fixture/intake-worker.ts'), JSON.stringify(place)],
    {
      cwd: here('../../..'),
      env: { ...process.env, CRASH_AT: point, TSX_TSCONFIG_PATH: here('../../../../../tsconfig.check.json') },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const signal = await new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)));
  expect(signal).toBe('SIGKILL');
}

// Each starts processes of its own, from the sources, which takes a busy machine a while.
describe('a process killed', { timeout: 120_000 }, () => {
  it.each([
    ['after the parts were put together', 'intake.assembled'],
    ['after the files were read', 'intake.read'],
    ['after the child has written the blind model', 'intake.inspected'],
    ['after the key of the blind model was written down', 'intake.planned'],
    ['after the blind model was published', 'intake.published'],
    ['after it was compared with others', 'intake.compared'],
  ])('%s loses nothing, and leaves nothing behind', async (_, point) => {
    const before = await stand.blindKeys();
    const submission = await stand.hand(model());
    await killedAt(point);
    expect(await stand.job(submission)).toMatchObject({ takenBy: expect.any(String) });
    await waitFor(async () => (await stand.run()) || (await stand.outcome(submission)) === 'accepted', { timeoutMs: 60_000 }); // prettier-ignore
    expect(await stand.outcome(submission)).toBe('accepted');
    expect(await stand.history(submission)).toEqual(['begun', 'completed', 'accepted']);
    expect(await stand.blindKeys()).toHaveLength(before.length + 1);
    expect((await stand.blindModel(submission)).length).toBe(64 * 1024);
    await stand.parts.scratch.sweep(new Date());
  });

  it('after the model was accepted leaves nothing to do', async () => {
    const submission = await stand.hand(model());
    await killedAt('intake.settled');
    expect(await stand.outcome(submission)).toBe('accepted');
    expect(await stand.job(submission)).toBeNull();
  });
});

describe('a job', { timeout: 60_000 }, () => {
  it('is given back at once by a process that stops, and counts no death', async () => {
    const stopping = openStand(place);
    const submission = await stand.hand(model());
    const running = stopping.run();
    await waitFor(async () => (await stand.job(submission))?.step === 'inspecting', { everyMs: 5 });
    stopping.stop();
    await running;
    expect(await stand.job(submission)).toMatchObject({ takenBy: null, deaths: 0, crashes: 0, tries: 0 });
    await stopping.close();
    expect(await stand.run()).toBe(true);
    expect(await stand.outcome(submission)).toBe('accepted');
  });

  it('that four processes died over is still tried, and after the fifth rejected at our expense', async () => {
    const taken = `UPDATE intake SET taken_by = 'a dead one', deaths = $2::int, run_at = now() WHERE submission = $1::uuid`;
    const submission = await stand.hand(model());
    await stand.database.read.query(taken, [submission, 3]);
    await stand.run();
    expect(await stand.outcome(submission)).toBe('accepted');
    seed += 1;
    const worse = await stand.hand(model());
    await stand.database.read.query(taken, [worse, 4]);
    await stand.run();
    expect(await stand.outcome(worse)).toBe('rejected: submission/cannot-be-inspected');
    expect(await stand.quota(worse)).toBe('refunded');
  });

  it('whose own process could not renew it in time is not counted as a death', async () => {
    const submission = await stand.hand(model());
    await stand.database.read.query(`UPDATE intake SET taken_by = $1`, [`${stand.parts.instance} before`]);
    await stand.run();
    expect(await stand.outcome(submission)).toBe('accepted');
  });

  it('that somebody else has taken meanwhile is left to them', async () => {
    const submission = await stand.hand(model());
    const running = stand.run();
    await waitFor(async () => (await stand.job(submission))?.step === 'inspecting', { everyMs: 5 });
    await stand.database.read.query(`UPDATE intake SET taken_by = 'another', run_at = now() + interval '1 hour'`);
    await running;
    expect(await stand.outcome(submission)).toBe('inspecting');
    expect(await stand.job(submission)).toMatchObject({ takenBy: 'another', tries: 0 });
    await stand.database.read.query(`DELETE FROM intake`);
  });
});

describe('a child that', { timeout: 60_000 }, () => {
  const program = async (name: string, code: string): Promise<string> => {
    const path = join(stand.folder, `${name}.mjs`);
    await mkdir(stand.folder, { recursive: true });
    await writeFile(path, code);
    return path;
  };
  const reading = `process.stdout.write('{"is":"step","step":"inspecting"}\\n');`;
  /** Its limit counts from its start, which takes a busy machine a while. */
  const patience = { timeoutMs: () => 5_000 };

  it.each([
    ['crashes', 'process.exit(1)', {}],
    ['throws', 'throw new Error()', {}],
    [
      'runs out of heap',
      'const all = []; for (;;) all.push(new Array(1e5).fill(0).map(() => ({})))',
      { memoryMb: 128 },
    ],
    ['takes memory outside of its heap', 'const all = []; setInterval(() => all.push(Buffer.alloc(3e7, 1)), 20)', { memoryMb: 128 }], // prettier-ignore
    ['takes too long', 'for (;;);', patience],
    ['hangs', 'setInterval(() => {}, 1e6)', patience],
    ['says nothing', 'process.exit(0)', {}],
    ['says what it should not', `console.log('{"is":"sound","print":{}}')`, {}],
    ['says far too much', `const x = 'x'.repeat(1e6); const say = () => process.stdout.write(x, say); say()`, {}],
  ])('%s costs the model a try, twice, and then the trainer nothing', async (name, code, limits) => {
    const poisoned = openStand(
      { ...place, scratch: stand.folder },
      { ...limits, program: await program(name, reading + code) },
    );
    const submission = await stand.hand(model());
    await poisoned.runLater();
    expect(await stand.job(submission)).toMatchObject({ crashes: 1, deaths: 0, takenBy: null });
    const behind = await stand.hand(smallModel({ weights: weightsOf(1_000 + seed) }), { by: '2' });
    await stand.run();
    expect(await stand.outcome(behind)).toBe('accepted');
    await poisoned.runLater();
    await stand.runLater();
    expect(await stand.outcome(submission)).toBe('rejected: submission/cannot-be-inspected');
    expect(await stand.quota(submission)).toBe('refunded');
    expect(poisoned.spent.filter(what => what === 'crash')).toHaveLength(2);
    await poisoned.close();
  });

  it.each([
    ['cannot be started', 'import "./nothing-there.mjs";'],
    ['ends before it has begun', 'process.exit(1)'],
  ])('%s is our fault alone: the job is put off', async (name, code) => {
    const broken = openStand(place, { program: await program(name, code) });
    const submission = await stand.hand(model());
    for (let round = 0; round < 3; round += 1) await broken.runLater();
    expect(await stand.job(submission)).toMatchObject({ crashes: 0, tries: 3, takenBy: null });
    await broken.close();
    await stand.runLater();
    expect(await stand.outcome(submission)).toBe('accepted');
  });

  it('cannot write to the disk puts the job off and costs the model nothing', async () => {
    const full = await program('full', `console.log('{"is":"failed","code":"ENOSPC"}')`);
    const poor = openStand(place, { program: full });
    const submission = await stand.hand(model());
    await poor.run();
    expect(await stand.job(submission)).toMatchObject({ crashes: 0, tries: 1, takenBy: null });
    await poor.close();
    await stand.runLater();
    expect(await stand.outcome(submission)).toBe('accepted');
  });

  it('is asked to read a model has no environment', async () => {
    const path = await program('env', `console.log(JSON.stringify({ is: 'failed', code: Object.keys(process.env).join() || 'none' }))`); // prettier-ignore
    const seen: unknown[] = [];
    const curious = openStand(place, { program: path });
    curious.parts.log.warn = ((about: { err: Error }) => void seen.push(about.err.message)) as never;
    await stand.hand(model());
    await curious.run();
    expect(seen).toEqual(['the child could not go on: none']);
    await curious.close();
    await stand.runLater();
  });
});
