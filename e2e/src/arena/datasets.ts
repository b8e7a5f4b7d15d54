import { randomBytes } from 'node:crypto';
import type { DatasetRef } from '@arena/contracts';
import { bytesSource, uploadDataset, type Client } from '@arena/sdk';

export type Purpose = 'training' | 'hidden-a' | 'hidden-b' | 'starter';

/** A dataset of random bytes, uploaded as a client would, ready to be named in a spec. */
export async function makeDataset(
  client: Client,
  purpose: Purpose,
  size = 10_000,
): Promise<DatasetRef & { bytes: Buffer }> {
  const bytes = randomBytes(size);
  const { dataset } = await client.call('datasets.create', { body: { name: `a ${purpose} set`, purpose } });
  const ready = await uploadDataset(client, {
    dataset,
    source: bytesSource(bytes),
    filename: 'data.npz',
    format: 'npz',
  });
  if (!ready.sha256) throw new Error(`the ${purpose} set ended ${ready.state}`);
  return { dataset, version: ready.version, sha256: ready.sha256, bytes };
}
