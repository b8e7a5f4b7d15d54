import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

type Order = { watch: number; signal: NodeJS.Signals } | { forget: number } | { remove: string } | { keep: string };

let pipe: Writable | undefined;

function open(): Writable {
  const program = fileURLToPath(new URL('../leash.mjs', import.meta.url));
  const leash = spawn(process.execPath, [program], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  leash.unref();
  // Neither the process nor its pipe may keep a finished parent alive.
  (leash.stdin as unknown as { unref(): void }).unref();
  leash.stdin.on('error', () => (pipe = undefined));
  return leash.stdin;
}

const tell = (order: Order) => void (pipe ??= open()).write(`${JSON.stringify(order)}\n`);

/** What is on the leash ends, or is removed, when this process ends in whatever way. */
export const leash = {
  watch: (pid: number, signal: NodeJS.Signals) => tell({ watch: pid, signal }),
  forget: (pid: number) => tell({ forget: pid }),
  /** A folder to delete after the processes in it are gone. */
  remove: (folder: string) => tell({ remove: folder }),
  keep: (folder: string) => tell({ keep: folder }),
};
