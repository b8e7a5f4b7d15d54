// A competition from its datasets to its final ranking, over HTTP: what opens and closes when, and what stays hidden.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedIn, type Person } from './arena/callers.js';
import { makeDataset } from './arena/datasets.js';
import { rawCall } from './arena/raw.js';
import { startArena, type Arena } from './arena/start.js';
import { taskSpec } from './arena/task-spec.js';

type Dataset = Awaited<ReturnType<typeof makeDataset>>;
const ref = ({ dataset, version, sha256 }: Dataset) => ({ dataset, version, sha256 });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

describe('a competition', () => {
  let arena: Arena;
  let origin: string;
  let admin: Person;
  let trainer: Person;
  let submissions: pg.Client;
  let training: Dataset;
  let hiddenA: Dataset;
  let hiddenB: Dataset;
  let task: number;

  beforeAll(async () => {
    arena = await startArena();
    ({ url: origin } = await arena.start('task-service'));
    await arena.start('submission-service');
    [admin, trainer] = await Promise.all([signedIn(origin, arena.wallet(0)), signedIn(origin, arena.wallet(1))]);
    submissions = new pg.Client({ connectionString: arena.database.roleUrl('submission-service', 'app') });
    await submissions.connect();
    training = await makeDataset(admin.client, 'training', 6_000_000);
    hiddenA = await makeDataset(admin.client, 'hidden-a');
    hiddenB = await makeDataset(admin.client, 'hidden-b');
  });
  afterAll(async () => {
    await submissions.end();
    await arena.stop();
  });

  const released = async () =>
    (
      await submissions.query<{ purpose: string }>('select purpose from released_datasets where task = $1 order by 1', [
        task,
      ])
    ).rows.map(row => row.purpose);
  const phase = async () => (await trainer.client.call('tasks.get', { params: { task } })).phase;
  const spec = () =>
    taskSpec('A whole competition', { training: [ref(training)], hiddenA: ref(hiddenA), hiddenB: ref(hiddenB) });

  it('is not verified while its datasets do not fit, and says which', async () => {
    const wrong = taskSpec('Wrong', {
      training: [ref(hiddenA)],
      hiddenA: ref(training),
      hiddenB: { ...ref(hiddenB), sha256: 'f'.repeat(64) },
    });
    const { task: draft } = await admin.client.call('tasks.create', { body: { spec: wrong } });
    const outcome = await rawCall(origin, 'tasks.verify', { token: admin.token, params: { task: draft }, body: {} });
    expect(outcome.problem?.code).toBe('task/dataset');
    expect(outcome.problem?.errors?.map(({ pointer }) => pointer)).toEqual([
      '/spec/data/training/0',
      '/spec/data/hiddenA',
      '/spec/data/hiddenB/sha256',
    ]);
  });

  it('opens by itself at its time', async () => {
    ({ task } = await admin.client.call('tasks.create', { body: { spec: spec() } }));
    await admin.client.call('tasks.verify', { params: { task }, body: {} });
    const schedule = { opensAt: inSeconds(2), closesAt: inSeconds(60), finalEndsAt: inSeconds(120) };
    const opened = await admin.client.call('tasks.open', { params: { task }, body: { schedule } });
    expect([opened.phase, opened.schedule]).toEqual(['verified', schedule]);
    expect(await released()).toEqual([]);
    await expect.poll(phase, { timeout: 15_000 }).toBe('submission');
  });

  it('has a spec hash that anybody can recompute, and a spec that nobody can change', async () => {
    const { specHash, spec: published } = await trainer.client.call('tasks.get', { params: { task } });
    const sorted = JSON.stringify(published, (_key, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    expect(createHash('sha256').update(sorted).digest('hex')).toBe(specHash);
    const etag = (await admin.client.callWithMeta('tasks.get', { params: { task } })).etag ?? '';
    const edit = await rawCall(origin, 'tasks.edit', {
      token: admin.token,
      params: { task },
      body: { spec: spec() },
      headers: { 'if-match': etag },
    });
    expect(edit.problem?.code).toBe('task/immutable');
  });

  it('gives its training set to anybody, byte for byte', async () => {
    const { dataset, version } = training;
    const download = await trainer.client.call('datasets.versions.download', { params: { dataset, version } });
    const bytes = Buffer.from(await (await fetch(download.url)).arrayBuffer());
    expect([bytes.equals(training.bytes), download.sha256]).toEqual([true, training.sha256]);
  });

  it('gives its hidden sets to nobody: not by list, not by id, not to an admin', async () => {
    for (const { dataset, version } of [hiddenA, hiddenB]) {
      const params = { dataset, version };
      for (const name of [
        'datasets.get',
        'datasets.versions.list',
        'datasets.versions.get',
        'datasets.versions.download',
      ] as const)
        expect([name, (await rawCall(origin, name, { token: trainer.token, params })).status]).toEqual([name, 404]);
      const asAdmin = await rawCall(origin, 'datasets.versions.download', { token: admin.token, params });
      expect(asAdmin.problem?.code).toBe('dataset/hidden');
    }
    const { items } = await trainer.client.call('datasets.list', { query: { limit: 200 } });
    expect(items.map(item => item.purpose)).not.toContain('hidden-a');
    const everything = await rawCall(origin, 'tasks.get', { params: { task } });
    expect(JSON.stringify(everything.body)).not.toMatch(/sha256\/|uploads\//);
  });

  it('lets assignments reach set A, and does not even name set B to them', async () => {
    await expect.poll(released, { timeout: 10_000 }).toEqual(['hidden-a']);
  });

  it('stands still while it is paused, and gets the time back', async () => {
    const before = await trainer.client.call('tasks.get', { params: { task } });
    await admin.client.call('tasks.pause', { params: { task }, body: { reason: 'a broken validator' } });
    const early = await rawCall(origin, 'tasks.extend', {
      token: admin.token,
      params: { task },
      body: { closesAt: inSeconds(90), reason: 'no' },
    });
    expect(early.problem?.code).toBe('request/invalid');
    const extend = await rawCall(origin, 'tasks.extend', {
      token: admin.token,
      params: { task },
      body: { closesAt: inSeconds(90), reason: 'more time' },
    });
    expect(extend.problem?.code).toBe('task/paused');
    await sleep(1_200);
    const resumed = await admin.client.call('tasks.resume', { params: { task }, body: { reason: 'it is mended' } });
    const shift = Date.parse(resumed.schedule?.closesAt ?? '') - Date.parse(before.schedule?.closesAt ?? '');
    expect(shift).toBeGreaterThanOrEqual(1_200);
    expect(Date.parse(resumed.schedule?.finalEndsAt ?? '') - Date.parse(before.schedule?.finalEndsAt ?? '')).toBe(
      shift,
    );
  });

  it('closes on time though its service was killed and came back late', async () => {
    // The deadline of a second task falls into the time in which nobody is up.
    const { task: brief } = await admin.client.call('tasks.create', { body: { spec: spec() } });
    await admin.client.call('tasks.verify', { params: { task: brief }, body: {} });
    const schedule = { opensAt: inSeconds(0), closesAt: inSeconds(2), finalEndsAt: inSeconds(3) };
    await admin.client.call('tasks.open', { params: { task: brief }, body: { schedule } });
    const service = arena.running('task-service');
    service.kill('SIGKILL');
    await service.exited;
    await sleep(2_500);
    ({ url: origin } = await arena.start('task-service'));
    admin = await signedIn(origin, arena.wallet(0));
    trainer = await signedIn(origin, arena.wallet(1));
    task = brief;
    await expect.poll(phase, { timeout: 15_000 }).toBe('final');
    await expect.poll(released, { timeout: 30_000 }).toEqual(['hidden-a', 'hidden-b']);
  });

  it('is finalised after its end, for good', async () => {
    const rankingRoot = `0x${'1'.repeat(64)}`;
    const body = { rankingRoot, reason: 'the ranking is final' };
    await expect
      .poll(
        async () => (await rawCall(origin, 'tasks.finalise', { token: admin.token, params: { task }, body })).status,
        { timeout: 10_000 },
      )
      .toBe(200);
    const cancel = await rawCall(origin, 'tasks.cancel', {
      token: admin.token,
      params: { task },
      body: { reason: 'too late' },
    });
    expect(cancel.problem?.code).toBe('task/phase');
    const history = await trainer.client.call('tasks.history', { params: { task } });
    expect(history.items.map(({ what }) => what)).toEqual([
      'created',
      'verified',
      'scheduled',
      'opened',
      'closed',
      'finalised',
    ]);
    const known = await submissions.query<{ phase: string }>('select phase from known_tasks where task = $1', [task]);
    await expect
      .poll(
        async () =>
          (await submissions.query<{ phase: string }>('select phase from known_tasks where task = $1', [task])).rows[0]
            ?.phase,
        { timeout: 30_000 },
      )
      .toBe('finalised');
    expect(known.rows).toHaveLength(1);
  });

  it('leaves a trail of every step that verifies', async () => {
    const actions: string[] = [];
    for await (const entry of admin.client.paginate('audit.list', { query: { subject: `task:${task}` } }))
      actions.push(entry.action);
    expect(actions.reverse()).toEqual(['task.create', 'task.verify', 'task.open', 'task.closed', 'task.finalise']);
    await expect
      .poll(async () => (await admin.client.call('audit.verify', { body: {} })).faults, { timeout: 10_000 })
      .toEqual([]);
  });
});
