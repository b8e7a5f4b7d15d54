import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isErrno } from './files.js';

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function listen(path: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy());
    server.unref();
    server.once('error', reject);
    server.listen(path, () => resolve(() => void server.close()));
  });
}

/**
 * One server a folder: a second one would take the first one's unfinished files for a crash's leftovers.
 * A listening socket is the claim, because it ends with the process, however that ends.
 */
export async function claim(folder: string): Promise<() => void> {
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 24);
  const path = join(tmpdir(), `arena-s3-${name}.sock`);
  try {
    return await listen(path);
  } catch (error) {
    if (!isErrno(error, 'EADDRINUSE')) throw error;
    if (await answers(path))
      throw new Error(`another S3 server runs over ${folder}; stop it, or choose another folder`, { cause: error });
    await rm(path, { force: true });
    return listen(path);
  }
}
