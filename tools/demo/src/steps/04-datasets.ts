import { PART_BYTES_MIN, type DatasetRef } from '@arena/contracts';
import { bytesSource, uploadDataset, type Received } from '@arena/sdk';
import { nativeHash } from '@arena/sdk/node';
import type { Context, Step } from '../context.js';
import { inBytes } from '../core/shape.js';
import { problemSet } from '../core/problem-set.js';

type Purpose = Received<'datasets.get'>['purpose'];

// The training set is longer than one part, so that its upload can break off between two.
const sets = {
  training: { purpose: 'training', seed: 1, rows: 24_000 },
  hiddenA: { purpose: 'hidden-a', seed: 2, rows: 2_000 },
  hiddenB: { purpose: 'hidden-b', seed: 3, rows: 2_000 },
} as const satisfies Record<string, { purpose: Purpose; seed: number; rows: number }>;

export const datasets: Step = {
  name: 'datasets',
  title: 'The organiser uploads a training set and two hidden sets, in parts',
  async run(context) {
    context.know('datasets', {
      training: await upload(context, sets.training),
      hiddenA: await upload(context, sets.hiddenA),
      hiddenB: await upload(context, sets.hiddenB),
    });
  },
};

/** Stops the first upload where a killed process would. */
class BrokenOff extends Error {}

async function upload(context: Context, set: (typeof sets)[keyof typeof sets]): Promise<DatasetRef> {
  const { say, signal } = context;
  const admin = context.admin();
  const bytes = problemSet(set.seed, set.rows);
  const body = { name: `Demo, ${set.purpose}`, description: 'Made by npm run demo', purpose: set.purpose };
  const { dataset } = await admin.call('datasets.create', { body, signal });

  const send = (signal: AbortSignal, onSent: (sent: number, version: number) => void, resume?: number) =>
    uploadDataset(admin, {
      dataset,
      source: bytesSource(bytes),
      filename: `${set.purpose}.npz`,
      format: 'npz',
      partSize: PART_BYTES_MIN,
      concurrency: 1,
      newHash: nativeHash,
      signal,
      ...(resume === undefined ? {} : { resume }),
      onProgress: ({ doing, sent, total, version }) => {
        if (doing === 'sending') say.progress(set.purpose, sent, total, 'bytes');
        onSent(sent, version);
      },
    });
  const begun = bytes.length > PART_BYTES_MIN ? await breakOff(send, signal) : undefined;
  if (begun)
    say.note(`the upload is broken off after ${inBytes(begun.sent)}, and resumed: what has landed is not sent again`);
  const { version, sha256 } = await send(signal, () => undefined, begun?.version);
  if (!sha256) throw new Error('A ready version has no hash');
  say.note(`${set.purpose}: ${inBytes(bytes.length)}, verified by the server, sha256 ${sha256.slice(0, 16)}…`);
  return { dataset, version, sha256 };
}

async function breakOff(
  send: (signal: AbortSignal, onSent: (sent: number, version: number) => void) => Promise<unknown>,
  signal: AbortSignal,
): Promise<{ version: number; sent: number }> {
  const line = new AbortController();
  let begun = { version: 0, sent: 0 };
  try {
    await send(AbortSignal.any([line.signal, signal]), (sent, version) => {
      begun = { version, sent };
      if (sent > 0) line.abort(new BrokenOff());
    });
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
  }
  return begun;
}
