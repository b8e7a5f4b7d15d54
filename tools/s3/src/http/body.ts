import { createHash } from 'node:crypto';
import { checksumHeader, checksumNames, checksums, type ChecksumName, type Digest } from '../core/checksums.js';
import { decodeChunks } from '../core/chunked.js';
import { S3Error } from '../core/errors.js';
import { wholeNumber } from '../core/names.js';
import type { Checksums } from '../store/records.js';
import type { Exchange } from './exchange.js';

const largestBody = 5 * 1024 ** 3;

export interface Body {
  /** Throws at its end when the body is not what the request said of it. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Known once the chunks have been read. */
  readonly checksums: Checksums;
}

function announcedLength(exchange: Exchange): number {
  const chunked = exchange.caller.payload.kind === 'chunked';
  const name = chunked ? 'x-amz-decoded-content-length' : 'content-length';
  const length = exchange.header(name);
  if (length === undefined) {
    throw new S3Error('MissingContentLength', `You must provide the ${name} HTTP header.`);
  }
  return wholeNumber(name, length, 0, Number.MAX_SAFE_INTEGER);
}

function announcedChecksums(exchange: Exchange, trailer: boolean): Map<ChecksumName, string | undefined> {
  const wanted = new Map<ChecksumName, string | undefined>();
  const trailing = trailer
    ? (exchange.header('x-amz-trailer') ?? '').split(',').map(name => name.trim().toLowerCase())
    : [];
  for (const name of checksumNames) {
    const given = exchange.header(checksumHeader(name));
    if (given !== undefined || trailing.includes(checksumHeader(name))) wanted.set(name, given);
  }
  const known = new Set<string>([
    ...checksumNames.map(checksumHeader),
    'x-amz-checksum-mode',
    'x-amz-checksum-algorithm',
  ]);
  const unknown = [...exchange.request.headers.keys(), ...trailing].find(
    name => name.startsWith('x-amz-checksum-') && !known.has(name) && name !== 'x-amz-checksum-type',
  );
  if (unknown) throw new S3Error('NotImplemented', `This server does not know ${unknown}`);
  return wanted;
}

function contentMd5(exchange: Exchange): string | undefined {
  const given = exchange.header('content-md5');
  if (given !== undefined && Buffer.from(given, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  return given;
}

const badDigest = (name: string) =>
  new S3Error('BadDigest', `The ${name} you specified did not match what we received.`);

/** The body with its aws-chunked framing off, checked against every length and digest that was announced. */
export function openBody(exchange: Exchange): Body {
  const { payload } = exchange.caller;
  const length = announcedLength(exchange);
  if (length > largestBody) {
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      fields: { ProposedSize: length, MaxSizeAllowed: largestBody },
    });
  }
  const wanted = announcedChecksums(exchange, payload.kind === 'chunked' && payload.trailer);
  const md5 = contentMd5(exchange);
  const found: Partial<Record<ChecksumName, string>> = {};

  async function* read(): AsyncGenerator<Buffer> {
    const trailers = new Map<string, string>();
    const raw = receive(exchange);
    const source = payload.kind === 'chunked' ? decodeChunks(raw, payload, trailers) : raw;
    const digests = new Map<ChecksumName, Digest>([...wanted.keys()].map(name => [name, checksums[name]()]));
    const whole = payload.kind === 'whole' ? createHash('sha256') : undefined;
    const md5Hash = md5 === undefined ? undefined : createHash('md5');
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > length) break;
      whole?.update(chunk);
      md5Hash?.update(chunk);
      for (const digest of digests.values()) digest.update(chunk);
      yield chunk;
    }
    if (size !== length) throw new S3Error('IncompleteBody', 'The body is not as long as its headers say');
    if (payload.kind === 'whole' && whole?.digest('hex') !== payload.sha256) {
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    if (md5Hash && md5Hash.digest('base64') !== md5) throw badDigest('Content-MD5');
    for (const [name, digest] of digests) {
      const computed = digest.base64();
      if (computed !== (wanted.get(name) ?? trailers.get(checksumHeader(name)))) throw badDigest(checksumHeader(name));
      found[name] = computed;
    }
  }
  return { chunks: read(), checksums: found };
}

async function* receive({ incoming, response }: Exchange): AsyncGenerator<Buffer> {
  // Refusals come before this line, so a client that asked first never sends a body in vain.
  if (/100-continue/i.test(incoming.headers.expect ?? '')) response.writeContinue();
  try {
    // A destroyed request could not be drained, and its client would wait with the rest of its body.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {
    throw new S3Error('IncompleteBody', 'The connection ended before the body did.');
  }
}

export async function readText(exchange: Exchange, largest: number): Promise<string> {
  const { chunks } = openBody(exchange);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > largest) throw new S3Error('EntityTooLarge', 'The document is too large');
  }
  return Buffer.concat(parts).toString('utf8');
}
