import type { Client } from '../client.js';
import { receive, type Downloaded, type ReceiveOptions } from '../downloads/receive.js';

export interface DownloadOriginalOptions extends ReceiveOptions {
  submission: string;
  /** Of a model of two files: which. */
  file?: 'model' | 'data';
}

/** Downloads what you uploaded, byte for byte, and verifies its hash. */
export function downloadOriginal(client: Client, options: DownloadOriginalOptions): Promise<Downloaded> {
  const { submission, file = 'model', signal } = options;
  const announce = () => client.call('submissions.original', { params: { submission }, query: { file }, signal });
  return receive(announce, options);
}
