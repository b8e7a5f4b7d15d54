import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, ServerError } from '@arena/servers';

/** The process that holds this lock and still runs. */
export function holderOf(file: string): number | undefined {
  let pid: number;
  try {
    pid = Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
}

/** One stack per folder: takes the lock, also one left by a killed stack, and gives back how to free it. */
export function takeLock(file: string): () => void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
      const holder = holderOf(file);
      if (holder !== undefined) {
        throw new ServerError(`a stack already runs here (pid ${holder}); stop it with Ctrl-C or: kill ${holder}`);
      }
      rmSync(file, { force: true });
    }
  }
}
