import { createServer } from 'node:net';
import { ServerError } from './server-error.js';

function listen(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

/** A port of 127.0.0.1 that nothing listens on right now. */
export const freePort = (): Promise<number> => listen(0);

export const isFree = (port: number): Promise<boolean> =>
  listen(port).then(
    () => true,
    () => false,
  );

export async function assertFree(port: number, who: string, remedy: string): Promise<void> {
  try {
    await listen(port);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'EACCES' ? 'may not be used by this user' : 'is taken';
    throw new ServerError(`${who}: port ${port} of 127.0.0.1 ${why}; ${remedy}`);
  }
}
