import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accept, reject, type In, type SubmissionState } from '../core/submission.js';
import { begin, complete, send, small } from '../fixture/sending.js';
import { callerOf, sha256, walletOf } from '../fixture/submission-stand.js';
import { testStand, type TestStand } from '../fixture/test-stand.js';
import { moveSubmission, type Move } from '../store/submission-moves.js';
import { holdSubmission } from '../store/submissions.js';

let stand: TestStand;
let task: number;
beforeAll(async () => {
  stand = await testStand();
});
beforeEach(async () => {
  stand.clock.now = new Date();
  task = await stand.fresh({ spec: { submissions: { perDay: 50 } } });
});
afterAll(() => stand.close());

interface Ref {
  submission: string;
}
const ask = <N extends Parameters<TestStand['ask']>[0]>(name: N, { submission }: Ref, more: object = {}, who = 1) =>
  stand.ask(name, { params: { submission }, ...more }, callerOf(who));

/** What intake does. */
const move = ({ submission }: Ref, next: (now: In<'inspecting'>) => SubmissionState, change: Partial<Move>) =>
  stand.database.transaction(async tx => {
    const held = await holdSubmission(tx, submission);
    if (!held) throw new Error('it is gone');
    const full = { what: 'accepted', at: stand.clock.now, digest: '0'.repeat(64), ...change };
    return moveSubmission(tx, held, next(held.state as In<'inspecting'>), full);
  });
const accepted = (ref: Ref) => move(ref, now => accept(now, stand.clock.now), { what: 'accepted' });
const rejected = (ref: Ref) =>
  move(ref, now => reject(now, [{ code: 'onnx/opset', where: '/opset_import/0', detail: 'is 7' }], stand.clock.now), {
    what: 'rejected',
  });
const read = (ref: Ref, sha: string) =>
  stand.database.read.prisma.submissionFile.updateMany({
    where: { submission: ref.submission, file: 'model' },
    data: { sha256: sha },
  });
const report = {
  ...{ irVersion: 10, opset: 21, opsets: [{ domain: '', version: 21 }], operators: [{ name: 'Gemm', count: 1 }] },
  ...{ nodes: 1, depth: 0, parameters: 8, staticTensorBytes: 32, flops: 8 },
  inputs: [{ name: 'x', type: 'float32', shape: [null, 4] }],
  outputs: [{ name: 'y', type: 'float32', shape: [null, 2] }],
};
const giveReport = ({ submission }: Ref) =>
  stand.database.read.prisma.submission.update({ where: { submission }, data: { report } });

describe('what a trainer reads', () => {
  const model = randomBytes(200);

  it('is a list of their own, newest first, by task, state and time', async () => {
    const times = [1, 2, 3].map(n => new Date(Date.UTC(2026, 5, n)));
    const all: string[] = [];
    for (const time of times) {
      stand.clock.now = time;
      await stand.task(task, { spec: { submissions: { perDay: 50 } } });
      all.unshift((await begin(stand, task, 10)).submission);
    }
    const handed = await small(stand, task, model);
    const list = async (query: object) =>
      (await stand.ask('submissions.list', { query: { task: String(task), ...query } })).items.map(
        ({ submission }) => submission,
      );
    expect(await list({})).toEqual([handed.submission, ...all]);
    expect(await list({ state: 'inspecting' })).toEqual([handed.submission]);
    expect(await list({ state: 'uploading', from: times[1]?.toISOString(), to: times[2]?.toISOString() })).toEqual([
      all[1],
    ]);
    const first = await stand.ask('submissions.list', { query: { task: String(task), limit: '3' } });
    const cursor = first.next ?? '';
    expect(await list({ limit: '3', cursor })).toEqual([all[2]]);
    await expect(list({ cursor: 'zzz' })).rejects.toThrow('page/cursor');
    expect(await stand.ask('submissions.list', { query: {} }, callerOf(2))).toEqual({ items: [], next: null });
  });

  it('is the history with times and reasons', async () => {
    const ref = await begin(stand, task, model.length);
    await send(stand, ref, model);
    await complete(stand, ref, model);
    await rejected(ref);
    const { items } = await ask('submissions.history', ref);
    expect(items.map(({ what, state, version }) => [what, state, version])).toEqual([
      ['begun', 'uploading', 1],
      ['completed', 'inspecting', 2],
      ['rejected', 'rejected', 3],
    ]);
    expect(items[2]?.reasons).toEqual([{ code: 'onnx/opset', where: '/opset_import/0', detail: 'is 7' }]);
    expect((await ask('submissions.get', ref)).reasons).toEqual(items[2]?.reasons);
  });

  it('is the report, when there is one', async () => {
    const [good, bad, unreadable] = await Promise.all(
      [1, 2, 3].map(n => small(stand, task, Buffer.from(`model ${n}`))),
    );
    if (!good || !bad || !unreadable) throw new Error('they are gone');
    await expect(ask('submissions.report', good)).rejects.toThrow('submission/state: It was completed and is being');
    await giveReport(good);
    await stand.database.read.prisma.model.create({
      data: {
        ...{ submission: good.submission, task, trainer: walletOf(1), canonicalSha256: 'c'.repeat(64) },
        ...{ canonicalSize: 90n, graphHash: 'd'.repeat(64), tensors: [], sketch: Buffer.from('secret sketch') },
        ...{ blindKey: 'blind-key', blindSize: 128n, blindSha256: 'e'.repeat(64) },
        ...{ knownSince: stand.clock.now, acceptedAt: stand.clock.now },
        ...{ original: bad.submission, similarityPpm: 999_000, epsilonPpm: 5_000 },
      },
    });
    await accepted(good);
    expect(await ask('submissions.report', good)).toEqual({
      submission: good.submission,
      report,
      canonical: { sha256: 'c'.repeat(64), size: 90, graphHash: 'd'.repeat(64), blindSize: 128 },
      reasons: [],
    });
    expect(await ask('submissions.get', good)).toMatchObject({
      copy: { similarityPpm: 999_000, epsilonPpm: 5_000 },
      step: null,
      acceptedAt: stand.clock.now.toISOString(),
    });
    await giveReport(bad);
    await rejected(bad);
    expect(await ask('submissions.report', bad)).toMatchObject({ canonical: null, reasons: [{ code: 'onnx/opset' }] });
    await rejected(unreadable);
    expect(await ask('submissions.report', unreadable)).toMatchObject({ report: null, reasons: [{ where: /./ }] });
  });

  it('is the original, once it was read, under its own name; not of an upload that was given up', async () => {
    const ref = await small(stand, task, model, { filename: 'mödel 1.onnx' });
    await expect(ask('submissions.original', ref)).rejects.toThrow('submission/state');
    await read(ref, sha256(model));
    const { url, ...rest } = await ask('submissions.original', ref);
    const expiresAt = new Date(stand.clock.now.getTime() + 900_000).toISOString();
    expect(rest).toEqual({ expiresAt, filename: 'mödel 1.onnx', size: model.length, sha256: sha256(model) });
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''m%C3%B6del%201.onnx");
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(model));
    await expect(ask('submissions.original', ref, { query: { file: 'data' } })).rejects.toThrow('resource/not-found');
    const abandoned = await begin(stand, task, 10);
    await ask('submissions.withdraw', abandoned);
    await expect(ask('submissions.original', abandoned)).rejects.toThrow('submission/state: Its upload was given up');
  });

  it('can be taken back until it is over, with a reason', async () => {
    const inspecting = await small(stand, task, model);
    const body = { reason: 'a better one comes' };
    expect(await ask('submissions.withdraw', inspecting, { body })).toMatchObject({ state: 'withdrawn', version: 3 });
    expect(await ask('submissions.withdraw', inspecting)).toMatchObject({ state: 'withdrawn', version: 3 });
    const { items } = await ask('submissions.history', inspecting);
    expect(items.at(-1)).toMatchObject({ what: 'withdrawn', reason: body.reason });
    expect((await stand.rowOf(inspecting)).intake).toBeNull();
    const done = await small(stand, task, randomBytes(10));
    await accepted(done);
    expect(await ask('submissions.withdraw', done)).toMatchObject({ state: 'withdrawn' });
    const refused = await small(stand, task, randomBytes(10));
    await rejected(refused);
    await expect(ask('submissions.withdraw', refused)).rejects.toThrow('submission/state: It was rejected');
  });

  it('shows that the stake is waited for', async () => {
    const ref = await small(stand, task, model);
    const expectedAt = new Date(stand.clock.now.getTime() + 60_000);
    await move(ref, now => ({ ...now, waitingUntil: expectedAt }), { what: 'waiting' });
    expect(await ask('submissions.get', ref)).toMatchObject({
      state: 'inspecting',
      waiting: { for: 'stake-final', expectedAt: expectedAt.toISOString() },
    });
  });
});

describe('a stranger', () => {
  it('is told of no submission but that there is none', async () => {
    const ref = await begin(stand, task, 10);
    const sha = sha256(Buffer.from('x'));
    const body = {
      'submissions.parts.urls': { numbers: [1] },
      'submissions.complete': { sha256: sha },
      'submissions.withdraw': {},
    };
    const names = [
      'submissions.get', 'submissions.history', 'submissions.report', 'submissions.original', 'submissions.parts.urls',
      'submissions.parts.list', 'submissions.complete', 'submissions.withdraw',
    ] as const; // prettier-ignore
    for (const name of names) {
      const more = name in body ? { body: body[name as keyof typeof body] } : {};
      const none = { submission: '00000000-0000-4000-8000-000000000000' };
      const said = await Promise.all(
        [ask(name, ref, more, 2), ask(name, none, more, 2)].map(each => each.catch((error: unknown) => error)),
      );
      expect([name, String(said[0])]).toEqual([name, 'DomainError: resource/not-found']);
      expect(said[0]).toEqual(said[1]);
    }
    expect((await ask('submissions.get', ref)).version).toBe(1);
  });

  it('finds nothing of another in any answer of theirs', async () => {
    const theirs = randomBytes(300);
    const hidden = await begin(stand, task, theirs.length, callerOf(2), { filename: 'of-another.onnx' });
    await send(stand, hidden, theirs, { caller: callerOf(2) });
    await stand.ask('submissions.complete', { params: hidden, body: { sha256: sha256(theirs) } }, callerOf(2));
    await read(hidden, sha256(theirs));
    const commitment = 'f'.repeat(64);
    await stand.ask('submissions.commitments.register', { body: { task, commitment } }, callerOf(2));
    const row = await stand.rowOf(hidden);

    const own = await begin(stand, task, 10, callerOf(1));
    const handed = await small(stand, task, Buffer.from('mine'));
    await giveReport(handed);
    await read(handed, sha256(Buffer.from('mine')));
    await stand.database.read.prisma.model.create({
      data: {
        ...{ submission: handed.submission, task, trainer: walletOf(1), canonicalSha256: 'c'.repeat(64) },
        ...{ canonicalSize: 90n, graphHash: 'd'.repeat(64), tensors: [], sketch: Buffer.from('s') },
        ...{ blindKey: 'the-blind-key', blindSize: 128n, blindSha256: 'e'.repeat(64) },
        ...{ knownSince: stand.clock.now, acceptedAt: stand.clock.now },
        ...{ original: hidden.submission, similarityPpm: 999_000, epsilonPpm: 5_000 },
      },
    });
    await accepted(handed);
    const query = { task: String(task) };
    const answers: unknown[] = [
      await stand.ask('submissions.list', { query }),
      await stand.ask('submissions.quota', { query }),
      await stand.ask('submissions.commitments.list', { query }),
      await stand.ask('submissions.commitments.register', { body: { task, commitment: 'a'.repeat(64) } }),
      await ask('submissions.parts.list', own),
      await ask('submissions.parts.urls', own, { body: { numbers: [1] } }),
      await ask('submissions.withdraw', own),
    ];
    for (const name of ['get', 'history', 'report', 'original'] as const)
      answers.push(await ask(`submissions.${name}`, handed));
    for await (const event of stand.events(handed.submission, AbortSignal.timeout(500))) answers.push(event);
    const text = JSON.stringify(answers);
    expect(text).toContain(handed.submission);
    const secrets = [
      hidden.submission, walletOf(2), sha256(theirs), 'of-another', commitment, row.files[0]?.key ?? '', row.files[0]?.uploadId ?? '',
      'the-blind-key', 'e'.repeat(64),
    ]; // prettier-ignore
    for (const secret of secrets) expect([secret, secret.length > 8 && text.includes(secret)]).toEqual([secret, false]);
  });
});
