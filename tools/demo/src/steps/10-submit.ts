import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, commitModel, submitModel, type Received } from '@arena/sdk';
import { checkModel, nativeHash } from '@arena/sdk/node';
import { onnxModel } from '../core/onnx-model.js';
import type { Context, Facts, Step } from '../context.js';
import { refused } from '../refused.js';

type Submission = Received<'submissions.get'>;
type Trained = Facts['models'][number];

export const submit: Step = {
  name: 'submit',
  title: 'The trainers submit; a broken file and a copy are found out',
  async run(context) {
    const { say, players, signal, fact, know } = context;
    const [first, second, third] = fact('models');
    const [validator] = players('validator');
    if (!first || !second || !third || !validator) throw new Error('Somebody does not play');
    await checkAtHome(context, first);

    const source = bytesSource(first.bytes);
    const { task } = fact('task');
    const committed = await commitModel(first.player.client, { task, source, newHash: nativeHash, signal });
    say.note(`${first.player.name} commits to a model without showing it: ${committed.commitment.slice(0, 16)}…`);

    const stranger = send(context, { ...first, player: validator }, 'mine.onnx');
    say.note(await refused(stranger, 'submission/not-staked', 'A model of somebody who is no trainer here'));

    const sent: Submission[] = [
      await send(context, { ...third, bytes: new TextEncoder().encode('PK\u0003\u0004 a zip') }, 'archive.onnx'),
      await send(context, first, 'linear.onnx', committed.salt),
      await send(context, { ...third, bytes: onnxModel(first.weights, third.habit) }, 'all-mine.onnx'),
      await send(context, second, 'model.onnx'),
      await send(context, third, 'last-try.onnx'),
    ];
    know('submissions', sent);
    expectStates(sent);
    const nameOf = (wallet: string) =>
      players('trainer').find(player => player.wallet.address.toLowerCase() === wallet)?.name ?? wallet;
    const rows = sent.map(({ trainer, files, state, reasons }) => [
      nameOf(trainer), files[0]?.filename ?? '', state, reasons.map(({ code }) => code).join(', '),
    ]); // prettier-ignore
    say.table('Submissions', [['who', 'file', 'verdict', 'reasons'], ...rows]);
    await showBlindness(context, sent, validator);
  },
};

/** Nothing is uploaded, nobody is asked: the same inspection, and a score on the public set. */
async function checkAtHome({ client, say, signal, fact }: Context, { player, bytes }: Trained): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-demo-'));
  try {
    const path = join(folder, 'linear.onnx');
    await writeFile(path, bytes);
    const { ok, report, score } = await checkModel(path, fact('task').task, { client, data: 0, signal });
    if (!ok || !report || score?.outcome !== 'scored') throw new Error('The model was to be sound', { cause: score });
    say.note(
      `${player.name} checks at home: ${report.parameters} parameters, accuracy ${score.score.primary} on the public set`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function send({ say, signal, fact }: Context, { player, bytes }: Trained, filename: string, salt?: string) {
  return submitModel(player.client, {
    task: fact('task').task,
    source: bytesSource(bytes),
    filename,
    salt,
    newHash: nativeHash,
    signal,
    onProgress: ({ doing, sent, total }) => {
      if (doing === 'sending') say.progress(filename, sent, total, 'bytes');
    },
  });
}

function expectStates(sent: readonly Submission[]): void {
  const states = sent.map(({ state }) => state).join();
  if (states !== 'rejected,accepted,rejected,accepted,accepted') throw new Error(`The verdicts are ${states}`);
  const [, , copy] = sent;
  if (copy?.reasons[0]?.code !== 'submission/duplicate-model') throw new Error('The copy was not known as one');
}

async function showBlindness({ say, signal }: Context, sent: readonly Submission[], validator: Trained['player']) {
  const submission = sent[1]?.submission ?? '';
  const peek = validator.client.call('submissions.get', { params: { submission }, signal });
  say.note(await refused(peek, 'resource/not-found', 'A validator’s look at a submission'));
}
