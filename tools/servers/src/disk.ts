import { statfs } from 'node:fs/promises';
import { ServerError } from './server-error.js';

const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`;

export async function assertDisk(folder: string, wanted: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < wanted) {
    throw new ServerError(`only ${mib(free)} free under ${folder}; ${mib(wanted)} are needed: make room there`);
  }
}
