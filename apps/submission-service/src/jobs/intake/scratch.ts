// Where models lie while they are read: a folder for each process, in it one for each job, and a limit to how much
// lies there at once.
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface Scratch {
  /** A folder of one's own, once there is room; gone when the work ends, however it ends. */
  use<T>(bytes: number, stopping: AbortSignal, work: (folder: string) => Promise<T>): Promise<T>;
  /** Tells other processes that we live, and removes what dead ones have left. */
  sweep(now: Date): Promise<void>;
  close(): Promise<void>;
}

/** Of a process on another machine, which we cannot ask: it says so far more often. */
const SILENT_MS = 600_000;

/** Of this process; there is more than one in tests alone. */
const living = new Set<string>();

export function openScratch(root: string, capBytes: number): Scratch {
  const own = `${hostname()}.${process.pid}.${randomUUID()}`;
  const folder = join(root, own);
  living.add(own);
  const waiting: { bytes: number; enter: () => void }[] = [];
  let used = 0;
  let users = 0;

  /** In the order of asking, so that a large model is not kept out by small ones. One alone always fits. */
  function admit(): void {
    for (let next = waiting[0]; next && (users === 0 || used + next.bytes <= capBytes); next = waiting[0]) {
      waiting.shift();
      used += next.bytes;
      users += 1;
      next.enter();
    }
  }

  function enter(bytes: number, stopping: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const place = { bytes, enter: () => (stopping.removeEventListener('abort', leave), resolve()) };
      const leave = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(stopping.reason as Error);
        admit();
      };
      stopping.addEventListener('abort', leave, { once: true });
      waiting.push(place);
      admit();
    });
  }

  return {
    use: async (bytes, stopping, work) => {
      stopping.throwIfAborted();
      await enter(bytes, stopping);
      const place = join(folder, randomUUID());
      try {
        await mkdir(place, { recursive: true, mode: 0o700 });
        return await work(place);
      } finally {
        await rm(place, { recursive: true, force: true }).finally(() => {
          used -= bytes;
          users -= 1;
          admit();
        });
      }
    },

    sweep: async now => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await utimes(folder, now, now);
      for (const name of await readdir(root)) {
        if (!living.has(name) && (await isDead(name, join(root, name), now)))
          await rm(join(root, name), { recursive: true, force: true });
      }
    },

    close: async () => {
      living.delete(own);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of a process of this machine is dead with it; a process id that is our own was an earlier life's. */
async function isDead(name: string, path: string, now: Date): Promise<boolean> {
  const [, host, pid] = /^(.+)\.(\d+)\.[0-9a-f-]{36}$/.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === hostname()) return Number(pid) === process.pid || !isRunning(Number(pid));
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && now.getTime() - found.mtimeMs > SILENT_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
