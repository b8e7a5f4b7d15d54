import { pipeline } from 'node:stream/promises';
import { assertCopyable, readable } from '../core/conditions.js';
import { checksumHeader, type ChecksumName } from '../core/checksums.js';
import { S3Error } from '../core/errors.js';
import { assertAllowed } from '../core/grants.js';
import { assertBucketName } from '../core/names.js';
import { parseRange } from '../core/range.js';
import type { Checksums, ObjectHeaders, StoredObject } from '../store/records.js';
import type { Written } from '../store/blobs.js';
import { openBody } from './body.js';
import type { Exchange } from './exchange.js';
import { assertSupported, describe, readConditions, readMetadata } from './metadata.js';

export async function getObject(exchange: Exchange): Promise<void> {
  const object = exchange.bucket.object(exchange.key);
  const headers = describe(object, exchange);
  if (
    readable(readConditions(exchange), { etag: object.etag, modified: new Date(object.modified) }) === 'not-modified'
  ) {
    exchange.empty(304, headers);
    return;
  }
  const range = parseRange(exchange.header('range'), object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  headers['content-length'] = String(end - start + 1);
  if (range) headers['content-range'] = `bytes ${start}-${end}/${object.size}`;
  exchange.response.writeHead(range ? 206 : 200, headers);
  if (exchange.request.method === 'HEAD' || end < start) {
    exchange.response.end();
    return;
  }
  await send(exchange, object, start, end);
}

async function send({ store, response, fault }: Exchange, object: StoredObject, start: number, end: number) {
  const release = store.blobs.hold(object.segments);
  try {
    if (fault && 'truncateAfter' in fault) {
      const cut = Math.min(end, start + fault.truncateAfter - 1);
      for await (const chunk of store.blobs.read(object.segments, start, cut)) {
        await new Promise(sent => response.write(chunk, sent));
      }
      response.destroy();
    } else {
      await pipeline(store.blobs.read(object.segments, start, end), response);
    }
  } finally {
    await release();
  }
}

async function keep(exchange: Exchange, written: Written, headers: ObjectHeaders, checksums: Checksums) {
  const object: StoredObject = {
    key: exchange.key,
    etag: written.etag,
    size: written.size,
    modified: new Date().toISOString(),
    headers,
    checksums,
    segments: [{ id: written.id, size: written.size }],
  };
  try {
    await exchange.bucket.put(object, readConditions(exchange));
  } catch (error) {
    await exchange.store.blobs.remove([written]);
    throw error;
  }
  return object;
}

export async function putObject(exchange: Exchange): Promise<void> {
  assertSupported(exchange);
  void exchange.bucket;
  const headers = readMetadata(exchange);
  const body = openBody(exchange);
  const written = await exchange.store.blobs.write(body.chunks);
  await keep(exchange, written, headers, body.checksums);
  const sums = Object.entries(body.checksums).map(([name, value]) => [checksumHeader(name as ChecksumName), value]);
  exchange.empty(200, { etag: `"${written.etag}"`, ...Object.fromEntries(sums) });
}

/** The object that `x-amz-copy-source` names, once the caller may read it and its conditions hold. */
export function copySource(exchange: Exchange): StoredObject {
  const [path = '', version] = (exchange.header('x-amz-copy-source') ?? '').split('?');
  if (version !== undefined) throw new S3Error('NotImplemented', 'This server keeps no versions');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path).replace(/^\//, '');
  } catch {
    throw new S3Error('InvalidArgument', 'Copy Source must be URL-encoded');
  }
  const slash = decoded.indexOf('/');
  const key = decoded.slice(slash + 1);
  if (slash < 1 || key === '')
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key');
  const bucket = decoded.slice(0, slash);
  assertBucketName(bucket);
  assertAllowed(exchange.caller.key.grants, 'read', bucket);
  const object = exchange.store.bucket(bucket).object(key);
  assertCopyable(readConditions(exchange, 'x-amz-copy-source-'), {
    etag: object.etag,
    modified: new Date(object.modified),
  });
  return object;
}

export async function copyBytes(
  { store }: Exchange,
  source: StoredObject,
  start: number,
  end: number,
): Promise<Written> {
  const release = store.blobs.hold(source.segments);
  try {
    return await store.blobs.write(store.blobs.read(source.segments, start, end));
  } finally {
    await release();
  }
}

export async function copyObject(exchange: Exchange): Promise<void> {
  assertSupported(exchange);
  const { bucket } = exchange;
  const source = copySource(exchange);
  const directive = exchange.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.');
  if (directive === 'COPY' && bucket.objects.get(exchange.key) === source) {
    const message =
      'This copy request is illegal because it is trying to copy an object to itself without changing it.';
    throw new S3Error('InvalidRequest', message);
  }
  if (exchange.fault && 'errorInBody' in exchange.fault) {
    exchange.xml('Error', { Code: 'InternalError', Message: 'We encountered an internal error. Please try again.' });
    return;
  }
  const headers = directive === 'COPY' ? source.headers : readMetadata(exchange);
  const written = await copyBytes(exchange, source, 0, source.size - 1);
  const checksums = source.uploadId === undefined ? source.checksums : {};
  const object = await keep(exchange, written, headers, checksums);
  exchange.xml('CopyObjectResult', { LastModified: object.modified, ETag: `"${object.etag}"` });
}

export async function deleteObject(exchange: Exchange): Promise<void> {
  await exchange.bucket.delete(exchange.key, readConditions(exchange));
  exchange.empty(204);
}
