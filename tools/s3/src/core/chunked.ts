/**
 * Takes the aws-chunked framing off a body:
 *   `<hex size>[;chunk-signature=<hex>]\r\n<data>\r\n` … `0[;chunk-signature=…]\r\n[trailers]\r\n`
 * Data is passed on before its signature is known; whoever stores it must wait for the end.
 */
import { createHash } from 'node:crypto';
import { ByteSource } from './byte-source.js';
import { S3Error } from './errors.js';
import type { Payload } from './payload.js';
import { emptySha256, sameSignature, signChunk, signTrailer } from './signature.js';

type Chunked = Extract<Payload, { kind: 'chunked' }>;

const broken = (why: string) => new S3Error('InvalidRequest', `The aws-chunked body is broken: ${why}`);
const mismatch = () => new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match.');

function readChunkHeader(line: string): { size: number; signature: string | undefined } {
  const found = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (!found) throw broken('a chunk header is malformed');
  return { size: parseInt(found[1] as string, 16), signature: found[2] };
}

export async function* decodeChunks(
  body: AsyncIterable<Buffer>,
  { signed, trailer }: Chunked,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const source = new ByteSource(body);
  let previous = signed?.seed ?? '';
  for (;;) {
    const { size, signature } = readChunkHeader(await source.line());
    const hash = signed ? createHash('sha256') : undefined;
    for (let left = size; left > 0;) {
      const data = await source.some(left);
      hash?.update(data);
      left -= data.length;
      yield data;
    }
    if (signed) {
      const expected = signChunk(signed.signing, previous, size === 0 ? emptySha256 : (hash?.digest('hex') ?? ''));
      if (!signature || !sameSignature(signature, expected)) throw mismatch();
      previous = signature;
    }
    if (size === 0) break;
    if ((await source.line()) !== '') throw broken('a chunk is longer than it says');
  }
  const found = await readTrailers(source);
  const trailerSignature = found.get('x-amz-trailer-signature');
  found.delete('x-amz-trailer-signature');
  if (!trailer && found.size > 0) throw broken('there is a trailer that was not announced');
  if (trailer && signed) {
    const text = [...found].map(([name, value]) => `${name}:${value}\n`).join('');
    if (!trailerSignature || !sameSignature(trailerSignature, signTrailer(signed.signing, previous, text)))
      throw mismatch();
  }
  for (const [name, value] of found) trailers.set(name, value);
}

async function readTrailers(source: ByteSource): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  while (!(await source.ended())) {
    const line = await source.line();
    if (line === '') continue;
    const at = line.indexOf(':');
    if (at < 1 || found.size >= 16) throw broken('a trailer is malformed');
    found.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return found;
}
