import { open, rename, rm } from 'node:fs/promises';
import type { Client } from '../client.js';
import { downloadDataset, type DownloadOptions } from '../datasets/download.js';
import type { Downloaded } from '../downloads/receive.js';
import { nativeHash } from './native-hash.js';

export type DownloadToOptions = Omit<DownloadOptions, 'onBytes'> & { path: string };

/** Under its name there is only ever a file whose hash was verified. */
export async function downloadDatasetTo(client: Client, options: DownloadToOptions): Promise<Downloaded> {
  const { path, ...rest } = options;
  const unproven = `${path}.unverified`;
  const file = await open(unproven, 'w');
  try {
    const done = await downloadDataset(client, {
      newHash: nativeHash,
      ...rest,
      onBytes: bytes => file.writeFile(bytes),
    });
    await file.close();
    await rename(unproven, path);
    return done;
  } catch (error) {
    await file.close();
    await rm(unproven, { force: true });
    throw error;
  }
}
