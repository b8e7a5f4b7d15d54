// Blindness, measured: can anybody but its trainer tell whose a model is, from all that can be seen of it before its
// committee has closed? The same question asked of the uploaded files shows that the test would notice.
import { events, type DatasetRef } from '@arena/contracts';
import { openObjects } from '@arena/objects';
import { randomFrom, shuffled } from '@arena/onnx/fixture';
import { createClient, type Client } from '@arena/sdk';
import { waitFor } from '@arena/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedIn, type Person } from './arena/callers.js';
import { makeDataset } from './arena/datasets.js';
import { startArena, type Arena } from './arena/start.js';
import { taskSpec } from './arena/task-spec.js';
import { accuracy, byTime, byWords, chance, type Sample } from './linkage/classifier.js';
import { habitsOf, INPUTS, modelBy, OUTPUTS } from './linkage/trainers.js';
import { wordsOf } from './linkage/words.js';

const TRAINERS = 20;
const EACH = Number(process.env['MODELS_EACH'] ?? 6);
const SEED = Number(process.env['SEED'] ?? 20261121);
const AT_ONCE = 4;

interface Upload {
  trainer: string;
  file: Uint8Array;
  submission: string;
}

describe('a blind model', () => {
  const random = randomFrom(SEED);
  let arena: Arena;
  let submissionsOrigin: string;
  let admin: pg.Client;
  let task: number;
  let trainers: Person[];
  let outsider: Person;
  const uploads: Upload[] = [];

  beforeAll(async () => {
    arena = await startArena();
    const [tasks, submissions] = await Promise.all([arena.start('task-service'), arena.start('submission-service')]);
    submissionsOrigin = submissions.url;
    admin = new pg.Client({ connectionString: arena.database.adminUrl });
    await admin.connect();
    const people = await Promise.all(
      Array.from({ length: TRAINERS + 2 }, (_, i) => signedIn(tasks.url, arena.wallet(i))),
    );
    const [organiser, other, ...others] = people as [Person, Person, ...Person[]];
    [outsider, trainers] = [other, others];
    task = await openTask(organiser.client);
    for (const { account } of trainers)
      await admin.query(
        `insert into submissions.known_stakes (program, task, role, account, version, total, block)
         values (0, $1, 'trainer', $2, 1, 1000000000000000000, 1)`,
        [task, account],
      );
    const known = async () =>
      (await admin.query(`select from submissions.known_tasks where task = $1`, [task])).rowCount === 1;
    await waitFor(known, { timeoutMs: 20_000, what: 'the task to be known' });
  });
  afterAll(async () => {
    await admin.end();
    await arena.stop();
  });

  async function openTask(organiser: Client): Promise<number> {
    const pick = ({ dataset, version, sha256 }: DatasetRef) => ({ dataset, version, sha256 });
    const spec = taskSpec('Blind', {
      hiddenA: pick(await makeDataset(organiser, 'hidden-a')),
      hiddenB: pick(await makeDataset(organiser, 'hidden-b')),
    });
    spec.model.operators = ['Gemm', 'Relu', 'Constant'];
    spec.model.inputs = [{ type: 'float32', shape: ['batch', INPUTS] }];
    spec.model.outputs = [{ type: 'float32', shape: ['batch', OUTPUTS] }];
    spec.submissions = { perDay: 10_000 };
    const created = await organiser.call('tasks.create', { body: { spec } });
    const params = { task: created.task };
    await organiser.call('tasks.verify', { params, body: {} });
    const from = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const schedule = { opensAt: from(0), closesAt: from(10), finalEndsAt: from(20) };
    await organiser.call('tasks.open', { params, body: { schedule } });
    return created.task;
  }

  const as = ({ token }: Person) => createClient({ origin: submissionsOrigin, credential: token });

  /** Whose turn it is says nothing: they come in any order. */
  async function submitAll(): Promise<void> {
    const habits = trainers.map((_, i) => habitsOf(i, random));
    const turns = shuffled(
      Array.from({ length: TRAINERS * EACH }, (_, i) => i % TRAINERS),
      random,
    ).map(i => ({ i, file: modelBy(habits[i] as (typeof habits)[number], random) }));
    const work = async () => {
      for (let turn = turns.shift(); turn; turn = turns.shift()) {
        const trainer = trainers[turn.i] as Person;
        const { file } = turn;
        const query = { task, filename: `model of ${trainer.account}.onnx` };
        const { submission } = await as(trainer).call('submissions.small', { query, body: file });
        uploads.push({ trainer: trainer.account, file, submission });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const states = async () =>
      (
        await admin.query<{ state: string; count: number }>(
          `select state, count(*)::int from submissions.submissions group by state`,
        )
      ).rows;
    await expect
      .poll(states, { timeout: 60_000 + uploads.length * 2_000, interval: 500 })
      .toEqual([{ state: 'accepted', count: uploads.length }]);
  }

  /** All that a validator is given, or finds by itself in the bucket of blind models. */
  async function seen(): Promise<Sample[]> {
    const { s3, buckets } = arena;
    const objects = openObjects({ ...s3, region: 'us-east-1' });
    const { rows } = await admin.query<{ submission: string; blind_key: string; trainer: string }>(
      `select submission, blind_key, trainer from submissions.models`,
    );
    const samples = rows.map(async ({ blind_key: key, trainer }): Promise<Sample> => {
      const url = await objects.presignGet(buckets.blind, key, { expiresSeconds: 600 });
      const answer = await fetch(url);
      const words = wordsOf(new Uint8Array(await answer.arrayBuffer()));
      for (const [name, value] of answer.headers) {
        // The second of the answer itself, and of the object's appearance, which `byTime` has.
        if (name !== 'date' && name !== 'last-modified') words.add(`header ${name} = ${name === 'etag' ? '' : value}`);
        if (name === 'etag') words.add(`etag ^ ${value.slice(0, 3)}`);
      }
      words
        .add(`key ^ ${key.slice(0, 1)}`)
        .add(`key $ ${key.slice(-1)}`)
        .add(`key × ${key.length}`);
      return { trainer, words, at: Date.parse(answer.headers.get('last-modified') ?? '') };
    });
    // In the order of their keys, as a listing shows them.
    return (await Promise.all(samples))
      .map((sample, i) => ({ sample, key: rows[i]?.blind_key ?? '' }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ sample }) => sample);
  }

  it(
    'cannot be told by anybody else from the models of other trainers, and its upload could',
    async () => {
      await submitAll();
      const samples = await seen();
      expect(samples).toHaveLength(TRAINERS * EACH);
      const blind = { words: accuracy(samples, byWords), time: accuracy(samples, byTime) };
      const open = accuracy(
        uploads.map(({ trainer, file }, at) => ({ trainer, words: wordsOf(file), at })),
        byWords,
      );
      const limit = chance(TRAINERS, samples.length);
      console.log('linkage:', JSON.stringify({ models: samples.length, ...blind, limit, control: open }));
      expect(open).toBeGreaterThan(0.9);
      expect(blind.words).toBeLessThanOrEqual(limit);
      expect(blind.time).toBeLessThanOrEqual(limit);
    },
    120_000 + TRAINERS * EACH * 3_000,
  );

  it('is on no list that anybody else can read', async () => {
    const ids = uploads.map(({ submission }) => submission);
    const answers = await Promise.all([
      as(outsider).call('submissions.list', { query: {} }),
      as(outsider).call('submissions.commitments.list', { query: {} }),
      ...ids.slice(0, 20).map(submission =>
        as(outsider)
          .call('submissions.get', { params: { submission } })
          .catch((error: unknown) => ({ code: (error as { code?: string }).code })),
      ),
    ]);
    const [list, commitments, ...gets] = answers;
    expect([list, commitments]).toEqual([
      { items: [], next: null },
      { items: [], next: null },
    ]);
    expect(new Set(gets.map(got => JSON.stringify(got)))).toEqual(new Set(['{"code":"resource/not-found"}']));
  });

  it('is named by no message to anybody but its trainer', async () => {
    for (const name of ['submission.received.v1', 'submission.accepted.v1', 'submission.rejected.v1'] as const)
      expect(events[name]).toMatchObject({ audience: 'owner', owner: 'trainer' });
    const { rows } = await admin.query<{ name: string; message: string }>(
      `select message::json->>'name' as name, message::text from submissions.outbox`,
    );
    const naming = rows.filter(({ message }) => uploads.some(({ submission }) => message.includes(submission)));
    expect(naming.filter(({ name }) => !/^submission\.(received|accepted)\.v1$/.test(name))).toEqual([]);
  });
});
