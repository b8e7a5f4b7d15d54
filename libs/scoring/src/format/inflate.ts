import { DataError } from '../error.js';

/** Deflated bytes to plain ones. No faster than they are asked for, so a bomb costs no memory. */
export async function* inflate(chunks: AsyncGenerator<Uint8Array>, where: string): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let sourceFailed: { error: unknown } | undefined;
  const feed = async (): Promise<void> => {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        sourceFailed = { error };
        throw error;
      });
      if (next.done) return writer.close();
      await writer.write(next.value);
    }
  };
  const fed = feed().catch((error: unknown) => writer.abort(error).catch(() => undefined));
  try {
    for (;;) {
      const next = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (next.done || !next.value) return;
      yield next.value;
    }
  } catch {
    if (sourceFailed) throw sourceFailed.error;
    throw new DataError('data/deflate', where);
  } finally {
    await reader.cancel().catch(() => undefined);
    await fed;
    await chunks.return(undefined);
  }
}
