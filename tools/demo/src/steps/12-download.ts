import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadDatasetTo } from '@arena/sdk/node';
import type { Context, Step } from '../context.js';
import { inBytes } from '../core/shape.js';
import { refused } from '../refused.js';

export const download: Step = {
  name: 'download',
  title: 'A trainer downloads the training set; nobody downloads a hidden one',
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'arena-demo-'));
    try {
      await fetchTraining(context, join(folder, 'training.npz'));
    } finally {
      await rm(folder, { recursive: true });
    }
    await showHidden(context);
  },
};

async function fetchTraining({ say, signal, fact, players }: Context, path: string): Promise<void> {
  const [trainer] = players('trainer');
  if (!trainer) throw new Error('Nobody plays a trainer');
  // What the spec names is what the hash on chain stands for; the server's own word is not needed.
  const [set] = fact('task').spec.data.training;
  if (!set) throw new Error('The task names no training set');
  const { size, sha256 } = await downloadDatasetTo(trainer.client, {
    ...set,
    path,
    signal,
    onProgress: ({ received, total }) => say.progress('downloaded', received, total, 'bytes'),
  });
  const magic = (await readFile(path)).subarray(0, 2).toString();
  if (magic !== 'PK') throw new Error('The training set is no .npz');
  say.note(`${inBytes(size)} with exactly the sha256 that the spec names: ${sha256.slice(0, 16)}…`);
}

async function showHidden({ say, signal, fact, players, admin }: Context): Promise<void> {
  const [trainer] = players('trainer');
  const { hiddenA, hiddenB } = fact('datasets');
  for (const [name, { dataset, version }] of Object.entries({ A: hiddenA, B: hiddenB })) {
    const wanted = { params: { dataset, version }, signal };
    const byTrainer = trainer?.client.call('datasets.versions.download', wanted);
    say.note(await refused(Promise.resolve(byTrainer), 'resource/not-found', `Hidden set ${name} to a trainer`));
    const byAdmin = admin().call('datasets.versions.download', wanted);
    say.note(await refused(byAdmin, 'dataset/hidden', `Hidden set ${name} to the admin`));
  }
}
