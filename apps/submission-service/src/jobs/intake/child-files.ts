// How the child reads and writes: the next MiB is on its way while this one is worked on, and memory is used again,
// for buffers of a gigabyte in all would keep the collector of garbage as busy as the hashes.
//
// @arena/onnx works on one chunk at a time and is done with it when it asks for the next. A ring of three gives each
// one turn more: for as long as it takes to write it down.
import { open, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '@arena/onnx';

const SLOT_BYTES = 1024 * 1024;
const SLOTS = 3;

async function fill(file: FileHandle, bytes: Uint8Array, offset: number): Promise<Uint8Array> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Its slots keep what was read until the read after the next. */
export interface RingSource extends ByteSource {
  owns(bytes: Uint8Array): boolean;
}

export async function openSource(path: string): Promise<RingSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const ring = Array.from({ length: SLOTS }, () => new Uint8Array(SLOT_BYTES));
  let turn = 0;
  let ahead: { offset: number; bytes: Promise<Uint8Array> } | undefined;
  const into = (slot: number, offset: number) =>
    fill(file, (ring[slot] as Uint8Array).subarray(0, Math.min(SLOT_BYTES, size - offset)), offset);
  const next = (offset: number) => into((turn = (turn + 1) % SLOTS), offset);
  /** What was read ahead in vain gives its slot back, once it has come: the others may still be written down. */
  const instead = async (offset: number, vain: Promise<Uint8Array>) => {
    await vain.catch(() => undefined);
    return into(turn, offset);
  };
  return {
    size,
    owns: bytes => ring.some(({ buffer }) => buffer === bytes.buffer),
    read: async (offset, length) => {
      // Structure is read in windows of other sizes, each kept until the next.
      if (length !== SLOT_BYTES) return fill(file, new Uint8Array(length), offset);
      const bytes = await (!ahead
        ? next(offset)
        : ahead.offset === offset
          ? ahead.bytes
          : instead(offset, ahead.bytes));
      const behind = offset + SLOT_BYTES;
      const following = behind < size ? { offset: behind, bytes: next(behind) } : undefined;
      // Whoever reads on is told what was wrong with it.
      following?.bytes.catch(() => undefined);
      ahead = following;
      return bytes;
    },
  };
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What lies in a ring is written while the next is worked on; all else at once, for it may not last. */
export async function openSink(path: string, rings: readonly RingSource[]): Promise<Sink> {
  const file = await open(path, 'wx', 0o600);
  let under: Promise<void> = Promise.resolve();
  return {
    write: async bytes => {
      await under;
      under = writeWhole(file, bytes);
      // Whoever writes on, or closes, is told what went wrong.
      under.catch(() => undefined);
      if (!rings.some(ring => ring.owns(bytes))) await under;
    },
    close: async () => {
      await under;
      await file.close();
    },
  };
}
