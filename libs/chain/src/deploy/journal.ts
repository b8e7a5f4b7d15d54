// What a deployment has signed so far, in a file beside the one that it will write: who is killed goes on from here.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const Journal = z.strictObject({
  fingerprint: z.string(),
  chainId: z.int(),
  deployer: z.string(),
  firstNonce: z.int(),
  startBlock: z.int(),
  genesis: z.string(),
  /** One for each step that was signed, in order, from before any node saw it. */
  sent: z.array(z.strictObject({ hash: z.string(), raw: z.string() })),
});
export type Journal = z.output<typeof Journal>;

const pathOf = (file: string) => `${file}.unfinished`;

/** Whole or not at all, also when the machine dies: written beside, synced, renamed. */
export function writeWhole(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(`${path}.tmp`, 'w', 0o644);
  writeSync(file, `${JSON.stringify(value, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
}

export const writeJournal = (file: string, journal: Journal): void => writeWhole(pathOf(file), journal);
export const removeJournal = (file: string): void => rmSync(pathOf(file), { force: true });

export function readJournal(file: string): Journal | undefined {
  try {
    return Journal.parse(JSON.parse(readFileSync(pathOf(file), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
