import type { Client } from '../client.js';
import { receive, type Downloaded, type ReceiveOptions } from '../downloads/receive.js';

export interface DownloadOptions extends ReceiveOptions {
  dataset: string;
  version: number;
  /** What the bytes must hash to, as a task's spec says it. Left out, the server's word is taken. */
  sha256?: string;
}

/** Downloads a public version and verifies its hash. */
export function downloadDataset(client: Client, options: DownloadOptions): Promise<Downloaded> {
  const { dataset, version, sha256, signal } = options;
  const announce = () => client.call('datasets.versions.download', { params: { dataset, version }, signal });
  return receive(announce, options, sha256);
}
