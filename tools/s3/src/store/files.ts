import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A rename survives a power cut only once its folder is synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Records are JSON files that appear and change by one rename, so that a crash leaves the old one or the new one. */
export class Files {
  constructor(private readonly temporary: string) {}

  async write(path: string, record: unknown): Promise<void> {
    const temporary = join(this.temporary, randomUUID());
    try {
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(JSON.stringify(record));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  }

  /** Makes a folder with its first record appear at once. */
  async createFolder(
    path: string,
    recordName: string,
    record: unknown,
    folders: readonly string[] = [],
  ): Promise<void> {
    const temporary = join(this.temporary, randomUUID());
    await mkdir(temporary);
    for (const folder of folders) await mkdir(join(temporary, folder));
    await this.write(join(temporary, recordName), record);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  }

  /** The folder is gone at once; its files go afterwards. */
  async removeFolder(path: string): Promise<void> {
    const temporary = join(this.temporary, randomUUID());
    await rename(path, temporary);
    await syncFolder(dirname(path));
    await rm(temporary, { recursive: true, force: true });
  }
}

export const readRecord = async <Record>(path: string) => JSON.parse(await readFile(path, 'utf8')) as Record;

export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
