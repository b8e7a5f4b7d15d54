import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lineDown, ok, outside } from '../fixture/outside.js';
import { createClient, downloadDataset, type ArenaError } from '../index.js';

const bytes = new TextEncoder().encode('what everybody trains on');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const expiresAt = '2026-01-31T12:00:00.000Z';
const dataset = '0190b6a0-0000-7000-8000-000000000001';
const announced = () => ok({ url: 'http://s3.test/x', expiresAt, filename: 'a.npz', size: bytes.length, sha256 });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The file up to a byte, and then nothing more. */
function cutAfter(end: number): Response {
  let sent = false;
  return new Response(
    new ReadableStream({
      pull: stream => {
        if (sent) return stream.error(new TypeError('terminated'));
        sent = true;
        stream.enqueue(bytes.subarray(0, end));
      },
    }),
  );
}

async function download(script: Parameters<typeof outside>, options: { sha256?: string; full?: boolean } = {}) {
  const { fetch, seen } = outside(...script);
  const got: Uint8Array[] = [];
  const { full, ...rest } = options;
  const onBytes = (piece: Uint8Array) => {
    if (full) throw new Error('disk full');
    got.push(piece);
  };
  const client = createClient({ origin: 'http://arena.test', fetch });
  const call = downloadDataset(client, { dataset, version: 1, fetch, onBytes, ...rest });
  const end = call.then(
    done => ({ done, error: undefined }),
    (error: unknown) => ({ done: undefined, error: error as ArenaError }),
  );
  await vi.runAllTimersAsync();
  return { ...(await end), seen, got: Buffer.concat(got) };
}

describe('downloadDataset', () => {
  it('gives the bytes and says what they hash to', async () => {
    const { done, got } = await download([announced(), new Response(bytes)], { sha256 });
    expect(done).toEqual({ filename: 'a.npz', size: bytes.length, sha256 });
    expect(got.equals(bytes)).toBe(true);
  });

  it('goes on from the byte where the line broke, with a fresh URL', async () => {
    const rest = () => new Response(bytes.subarray(10), { status: 206 });
    const { done, got, seen } = await download([announced(), lineDown(), announced(), cutAfter(10), announced(), rest]);
    expect(done?.sha256).toBe(sha256);
    expect(got.equals(bytes)).toBe(true);
    expect(seen.at(-1)?.headers.get('range')).toBe('bytes=10-');
  });

  it('refuses bytes that are not the announced ones', async () => {
    const other = new Uint8Array(bytes.length);
    const { error } = await download([announced(), new Response(other)]);
    expect(error).toMatchObject({ code: 'client/download' });
  });

  it('does not begin when the server announces other bytes than the spec names', async () => {
    const { error, seen } = await download([announced()], { sha256: 'b'.repeat(64) });
    expect(error).toMatchObject({ code: 'client/download' });
    expect(seen).toHaveLength(1);
  });

  it('does not retry what fails in whoever takes the bytes', async () => {
    const { error, seen } = await download([announced(), new Response(bytes)], { full: true });
    expect(error?.message).toBe('disk full');
    expect(seen).toHaveLength(2);
  });
});
