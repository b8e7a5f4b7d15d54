import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ObjectsError } from './errors.js';
import type { Requests } from './requests.js';
import { headOf } from './stat.js';
import { abortUpload, completeUpload, createUpload, type Part } from './uploads.js';
import { plainEtag } from './xml.js';

export interface PutOptions {
  readonly contentType?: string;
  /** Write only where nothing is. Two writers at once: one wins (large streams: where the store can). */
  readonly ifNoneMatch?: '*';
}

/**
 * `created: false` says that something was there already. After a lost answer that may be this very write,
 * so it is for content-addressed keys, where both mean "it is there".
 */
export type PutResult = { readonly created: true; readonly etag: string } | { readonly created: false };

// S3 wants 5 MiB at least; one part is held in memory.
const partSize = 16 * 1024 * 1024;

const digest = (data: Buffer) => createHash('md5').update(data).digest('base64');

export async function put(
  requests: Requests,
  bucket: string,
  key: string,
  body: Buffer | Uint8Array | string | Readable,
  options: PutOptions = {},
): Promise<PutResult> {
  if (!(body instanceof Readable)) return putWhole(requests, bucket, key, Buffer.from(body), options);
  const parts = inParts(body);
  const { value: first = Buffer.alloc(0) } = await parts.next();
  if (first.length < partSize) return putWhole(requests, bucket, key, first, options);
  if (options.ifNoneMatch && (await headOf(requests, bucket, key))) {
    body.destroy();
    return { created: false };
  }
  return putParts(requests, bucket, key, first, parts, options);
}

async function* inParts(body: Readable): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    while (size + rest.length >= partSize) {
      const fitting = rest.subarray(0, partSize - size);
      yield Buffer.concat([...held, fitting]);
      rest = rest.subarray(fitting.length);
      held = [];
      size = 0;
    }
    held.push(rest);
    size += rest.length;
  }
  if (size > 0) yield Buffer.concat(held);
}

const exists = (error: unknown) => error instanceof ObjectsError && error.code === 'PreconditionFailed';

async function putWhole(
  requests: Requests,
  bucket: string,
  key: string,
  body: Buffer,
  options: PutOptions,
): Promise<PutResult> {
  const headers = {
    'content-md5': digest(body),
    'content-type': options.contentType ?? 'application/octet-stream',
    ...(options.ifNoneMatch && { 'if-none-match': '*' }),
  };
  try {
    const answer = await requests.send({
      operation: `put ${bucket}/${key}`,
      method: 'PUT',
      bucket,
      key,
      headers,
      body,
    });
    return { created: true, etag: plainEtag(answer.headers.etag) };
  } catch (error) {
    if (options.ifNoneMatch && exists(error)) return { created: false };
    throw error;
  }
}

async function putParts(
  requests: Requests,
  bucket: string,
  key: string,
  first: Buffer,
  rest: AsyncIterable<Buffer>,
  options: PutOptions,
): Promise<PutResult> {
  const uploadId = await createUpload(requests, bucket, key, options);
  const parts: Part[] = [];
  const send = async (body: Buffer) => {
    const number = parts.length + 1;
    const answer = await requests.send({
      operation: `put part ${number} of ${bucket}/${key}`,
      method: 'PUT',
      bucket,
      key,
      query: { partNumber: String(number), uploadId },
      headers: { 'content-md5': digest(body) },
      body,
    });
    parts.push({ number, etag: plainEtag(answer.headers.etag) });
  };
  try {
    await send(first);
    for await (const body of rest) await send(body);
    const { etag } = await completeUpload(requests, bucket, key, uploadId, parts, options);
    return { created: true, etag };
  } catch (error) {
    // The sweep of abandoned uploads finds what this cannot remove.
    await abortUpload(requests, bucket, key, uploadId).catch(() => {});
    if (options.ifNoneMatch && exists(error)) return { created: false };
    throw error;
  }
}
