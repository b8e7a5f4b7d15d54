/** More than this many bytes were said; the rest was not read. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** The body as text, of at most so many bytes: a node must not be able to fill our memory. */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > maxBytes) throw await tooLong(response, announced);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > maxBytes) throw new TooLong(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function tooLong(response: Response, bytes: number): Promise<TooLong> {
  await response.body?.cancel();
  return new TooLong(`the answer has ${bytes} bytes`);
}
