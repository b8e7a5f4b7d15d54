import { assertFree, freePort, isFree } from './ports.js';
import { ServerError } from './server-error.js';

const TRIES = 3;

/** Starts on the port that was asked for, or on a free one; a free one that somebody snatches meanwhile is replaced. */
export async function onPort<T>(
  wanted: { port?: number | undefined; who: string; remedy: string },
  start: (port: number) => Promise<T>,
): Promise<T> {
  if (wanted.port !== undefined) {
    await assertFree(wanted.port, wanted.who, wanted.remedy);
    return start(wanted.port);
  }
  for (let left = TRIES - 1; ; left--) {
    const port = await freePort();
    try {
      return await start(port);
    } catch (error) {
      if (left === 0 || !(error instanceof ServerError) || (await isFree(port))) throw error;
    }
  }
}
