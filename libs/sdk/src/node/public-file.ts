import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { TaskSpec } from '@arena/contracts';
import type { Client } from '../client.js';
import type { DownloadProgress } from '../downloads/receive.js';
import { downloadDatasetTo } from './download-to.js';

/** A folder that is gone when the work is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-check-'));
  return work(folder).finally(() => rm(folder, { recursive: true, force: true }));
}

type Ref = TaskSpec['data']['training'][number];

/** A public file that a task's spec names, and nothing else: what comes must hash to what the spec says. */
export async function fetchPublic(
  client: Client,
  { dataset, version, sha256 }: Ref,
  into: { folder: string; onProgress?: (progress: DownloadProgress) => void; signal?: AbortSignal | undefined },
): Promise<{ path: string; extension: string }> {
  const path = join(into.folder, `${dataset}-${version}`);
  const { filename } = await downloadDatasetTo(client, {
    dataset,
    version,
    sha256,
    path,
    ...(into.onProgress && { onProgress: into.onProgress }),
    ...(into.signal && { signal: into.signal }),
  });
  return { path, extension: extname(filename) };
}
