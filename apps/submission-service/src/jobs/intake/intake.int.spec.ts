import { readdir } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStand, sha256, trainer, type Stand } from '../../fixture/intake-stand.js';
import { bytesOf, smallModel, weightsOf } from '../../fixture/small-onnx.js';
import { testIntake } from '../../fixture/test-intake.js';
import { withdraw } from '../../core/submission.js';

let stand: Stand;
let drop: () => Promise<void>;
let task = 0;

beforeAll(async () => {
  const test = await testIntake();
  drop = test.drop;
  stand = openStand(test.place);
});

afterAll(async () => {
  await stand.close();
  await drop();
});

beforeEach(async () => {
  task += 1;
  await stand.task(task);
  for (const digit of ['1', '2', '3']) await stand.stake(trainer(digit), task);
});

const seed = () => task * 1_000 + 1;

describe('a sound model', { timeout: 60_000 }, () => {
  it('is accepted, with its report, its blind form and its history', async () => {
    const model = smallModel({ weights: weightsOf(seed()) });
    const submission = await stand.hand(model, { task });
    await stand.runAll();
    expect(await stand.outcome(submission)).toBe('accepted');
    expect(await stand.history(submission)).toEqual(['begun', 'completed', 'accepted']);
    expect(await stand.job(submission)).toBeNull();
    expect(await stand.quota(submission)).toBe('spent');
    const row = (await stand.model(submission))!;
    expect(row).toMatchObject({ task, trainer: trainer('1'), original: null, canonicalSize: expect.any(BigInt) });
    expect(row.blindKey).toMatch(/^[0-9a-f]{32}$/);
    const blind = await stand.blindModel(submission);
    expect(blind.length).toBe(64 * 1024);
    expect(sha256(blind)).toBe(row.blindSha256);
    expect(sha256(blind.subarray(0, Number(row.canonicalSize)))).toBe(row.canonicalSha256);
    const stored = await stand.database.read.prisma.submission.findUniqueOrThrow({
      where: { submission },
      include: { files: true },
    });
    expect(stored.report).toMatchObject({ parameters: 512, nodes: 1, opset: 17 });
    expect(stored.files).toMatchObject([{ sha256: sha256(model) }]);
    const events = await stand.database.read.query<{ name: string }>(
      `SELECT message->>'name' AS name FROM outbox ORDER BY id`,
    );
    expect(events.map(({ name }) => name)).toEqual(['submission.received.v1', 'submission.accepted.v1']);
    expect(stand.spent).toEqual(['assembling', 'reading', 'inspecting', 'canonicalising', 'publishing', 'comparing']);
  });

  it('may have its weights in a file of their own, and is the same then', async () => {
    const weights = weightsOf(seed());
    const inline = await stand.hand(smallModel({ weights }), { task });
    await stand.runAll();
    const apart = await stand.hand(smallModel({ weights, external: 'w.bin' }), { task, by: '2', data: bytesOf(weights), dataName: 'w.bin' }); // prettier-ignore
    await stand.runAll();
    expect(await stand.outcome(inline)).toBe('accepted');
    expect(await stand.outcome(apart)).toBe('rejected: submission/duplicate-model');
  });

  it('is stored as the same bytes, whoever made it, and in the same size', async () => {
    const weights = weightsOf(seed());
    await stand.task(task + 500);
    await stand.stake(trainer('2'), task + 500);
    const one = await stand.hand(smallModel({ weights }), { task });
    const other = await stand.hand(smallModel({ weights, noise: 'made by B' }), { task: task + 500, by: '2' });
    await stand.runAll();
    expect(await stand.blindModel(one)).toEqual(await stand.blindModel(other));
    const [a, b] = [await stand.model(one), await stand.model(other)];
    expect(a!.blindKey).not.toBe(b!.blindKey);
  });

  it('is taken by one of two processes', async () => {
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    const done = await Promise.all([stand.run(), stand.run(), stand.run()]);
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await stand.outcome(submission)).toBe('accepted');
  });

  it('replaces the one that it supersedes', async () => {
    const older = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    await stand.runAll();
    const newer = await stand.hand(smallModel({ weights: weightsOf(seed() + 1) }), { task, supersedes: older });
    await stand.runAll();
    expect(await stand.outcome(newer)).toBe('accepted');
    expect(await stand.state(older)).toMatchObject({ state: 'withdrawn', supersededBy: newer });
    expect(await stand.history(older)).toEqual(['begun', 'completed', 'accepted', 'superseded']);
  });

  it('leaves what it would supersede alone when it is rejected', async () => {
    const older = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    await stand.runAll();
    const newer = await stand.hand(Buffer.from('no model'), { task, supersedes: older });
    await stand.runAll();
    expect(await stand.outcome(newer)).toMatch(/^rejected: onnx/);
    expect(await stand.outcome(older)).toBe('accepted');
  });
});

describe('a model is rejected', { timeout: 60_000 }, () => {
  it.each([
    ['other bytes landed than were declared', { size: 10 }, 'submission/size', 'spent'],
    ['it hashes to something else', { claimed: 'f'.repeat(64) }, 'submission/sha256', 'spent'],
    ['the store has lost it, which gives its place in the quota back', { empty: true }, 'submission/parts-gone', 'refunded'], // prettier-ignore
  ])('when %s', async (_, handed, code, quota) => {
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task, ...handed });
    await stand.runAll();
    expect(await stand.outcome(submission)).toBe(`rejected: ${code}`);
    expect(await stand.quota(submission)).toBe(quota);
    expect(await stand.job(submission)).toBeNull();
  });

  it('with every reason at once, and a report of what could be read', async () => {
    await stand.task(task, {}, { operators: ['Gemm'], maxParameters: 10, opset: { min: 18, max: 21 } });
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    await stand.runAll();
    expect(await stand.outcome(submission)).toBe('rejected: onnx/opset, onnx/operator, onnx/parameters');
    const { report } = await stand.database.read.prisma.submission.findUniqueOrThrow({ where: { submission } });
    expect(report).toMatchObject({ parameters: 512 });
  });

  it('when the task fixes another graph, and only then', async () => {
    const first = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    await stand.runAll();
    const { graphHash } = (await stand.model(first))!;
    await stand.task(task, {}, { architecture: { mode: 'fixed', graphHash } });
    const [same, other] = [
      await stand.hand(smallModel({ weights: weightsOf(seed() + 1) }), { task, by: '2' }),
      await stand.hand(smallModel({ weights: weightsOf(seed() + 2), relu: true }), { task, by: '3' }),
    ];
    await stand.runAll();
    expect(await stand.outcome(same)).toBe('accepted');
    expect(await stand.outcome(other)).toBe('rejected: submission/architecture');
  });

  it('and nothing of it stays in the bucket of blind models', async () => {
    const before = await stand.blindKeys();
    const model = smallModel({ weights: weightsOf(seed()) });
    await stand.hand(model, { task });
    await stand.hand(model, { task, by: '2' });
    await stand.runAll();
    expect(await stand.blindKeys()).toHaveLength(before.length + 1);
  });
});

describe('parts', { timeout: 60_000 }, () => {
  async function inParts(change: (key: string, uploadId: string) => Promise<void>): Promise<string> {
    const model = smallModel({ weights: weightsOf(seed()) });
    const submission = await stand.hand(model, { task, empty: true });
    const file = { submission_file: { submission, file: 'model' } };
    const { key } = await stand.database.read.prisma.submissionFile.findUniqueOrThrow({ where: file });
    const bucket = stand.originals;
    const uploadId = await stand.objects.createUpload(bucket, key);
    const url = await stand.objects.presignPart(bucket, key, uploadId, 1, { expiresSeconds: 60 });
    await fetch(url, { method: 'PUT', body: new Uint8Array(model) });
    await stand.database.read.prisma.submissionFile.update({ where: file, data: { uploadId } });
    await change(key, uploadId);
    await stand.runAll();
    return stand.outcome(submission);
  }

  it('become one object', async () => {
    expect(await inParts(async () => {})).toBe('accepted');
  });
  it('that were changed since they were complete are the trainer’s fault', async () => {
    const outcome = await inParts(async (key, uploadId) => {
      const url = await stand.objects.presignPart(stand.originals, key, uploadId, 1, { expiresSeconds: 60 });
      await fetch(url, { method: 'PUT', body: randomBytes(10) });
    });
    expect(outcome).toBe('rejected: submission/size');
  });
  it('that were lost since they were complete are ours', async () => {
    const lost = (key: string, uploadId: string) => stand.objects.abortUpload(stand.originals, key, uploadId);
    expect(await inParts(lost)).toBe('rejected: submission/parts-gone');
  });
});

describe('a submission', { timeout: 60_000 }, () => {
  it('that was withdrawn meanwhile is left, and cleared', async () => {
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    const running = stand.run();
    await stand.move(submission, withdraw(await stand.state(submission), new Date()), 'withdrawn');
    await running;
    expect(await stand.outcome(submission)).toBe('withdrawn');
    expect(await stand.model(submission)).toBeNull();
    expect(await stand.job(submission)).toBeNull();
    expect(await filesIn(stand.folder)).toEqual([]);
  });

  it('to a task that was cancelled is withdrawn', async () => {
    await stand.task(task, {}, {}, 'cancelled');
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task });
    await stand.runAll();
    expect(await stand.state(submission)).toMatchObject({ state: 'withdrawn', supersededBy: null });
  });

  it('waits for its stake to be final, and then goes on', async () => {
    const expected = new Date(Date.now() + 60_000);
    await seen('4', expected);
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task, by: '4' });
    await stand.run();
    expect(await stand.state(submission)).toMatchObject({ state: 'inspecting', waitingUntil: expected });
    expect(await stand.job(submission)).toMatchObject({ step: 'comparing', takenBy: null, tries: 0 });
    await stand.runLater();
    expect(await stand.history(submission)).toEqual(['begun', 'completed', 'waiting']);
    await stand.stake(trainer('4'), task);
    await stand.runLater();
    expect(await stand.history(submission)).toEqual(['begun', 'completed', 'waiting', 'accepted']);
  });

  it('is rejected when its stake has not become final in an hour', async () => {
    await seen('4', new Date(Date.now() + 1_000));
    const submission = await stand.hand(smallModel({ weights: weightsOf(seed()) }), { task, by: '4' });
    await stand.run();
    await stand.database.read.query(`DELETE FROM seen_stakes`);
    const real = stand.clock.now;
    stand.clock.now = () => new Date(Date.now() + 3_500_000);
    await stand.runLater();
    expect(await stand.outcome(submission)).toBe('inspecting');
    stand.clock.now = () => new Date(Date.now() + 3_602_000);
    await stand.runLater();
    stand.clock.now = real;
    expect(await stand.outcome(submission)).toBe('rejected: submission/stake-not-final');
  });

  const seen = (digit: string, expected: Date) =>
    stand.database.read.query(
      `INSERT INTO seen_stakes (program, task, role, account, version, total, block, expected_final_at)
       VALUES (0, $1, 'trainer', $2, 1, 1000000000000000000, 2, $3::timestamptz)`,
      [task, trainer(digit), expected],
    );
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(({ name }) => name);
}
