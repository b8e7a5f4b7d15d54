import type { Readable } from 'node:stream';
import type { Client } from 'minio';
import { ObjectsError, toObjectsError } from './errors.js';
import { contentDisposition } from './disposition.js';
import { openRead, type Range } from './reading.js';
import { assertDone, encodePath, openClient, Requests, type ObjectsOptions } from './requests.js';
import { retrying } from './retry.js';
import { headOf, listObjects, type Listed, type Stat } from './stat.js';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  type ArrivedPart,
  type Part,
  type UnfinishedUpload,
} from './uploads.js';
import { put, type PutOptions, type PutResult } from './writing.js';
import { plainEtag, text } from './xml.js';

export interface Address {
  readonly bucket: string;
  readonly key: string;
}

/** Every method rejects with an `ObjectsError`, after retries where a retry is safe. */
export interface Objects {
  createUpload(bucket: string, key: string, options?: { contentType?: string }): Promise<string>;
  presignPart(
    bucket: string,
    key: string,
    uploadId: string,
    partNumber: number,
    options: { expiresSeconds: number },
  ): Promise<string>;
  /** All of them, by number. */
  listParts(bucket: string, key: string, uploadId: string): Promise<ArrivedPart[]>;
  /** May be called again after it succeeded. */
  completeUpload(bucket: string, key: string, uploadId: string, parts: readonly Part[]): Promise<{ etag: string }>;
  abortUpload(bucket: string, key: string, uploadId: string): Promise<void>;
  /** Multipart uploads that are neither complete nor aborted. */
  listUploads(bucket: string, prefix: string): AsyncIterable<UnfinishedUpload>;
  /** `filename` is what a browser saves it as. */
  presignGet(bucket: string, key: string, options: { expiresSeconds: number; filename?: string }): Promise<string>;
  read(bucket: string, key: string, range?: Range): Promise<Readable>;
  head(bucket: string, key: string): Promise<Stat | undefined>;
  put(
    bucket: string,
    key: string,
    body: Buffer | Uint8Array | string | Readable,
    options?: PutOptions,
  ): Promise<PutResult>;
  /** Up to 5 GiB, which is S3's limit for one call. */
  copy(from: Address, to: Address): Promise<{ etag: string }>;
  /** What is not there is removed. */
  remove(bucket: string, key: string): Promise<void>;
  list(bucket: string, prefix: string): AsyncIterable<Listed>;
  ensureBucket(bucket: string): Promise<void>;
  /** Resolves when the store answers and knows our keys. */
  ping(): Promise<void>;
}

const has = (error: unknown, ...codes: string[]) => error instanceof ObjectsError && codes.includes(error.code);

function assertOrigin(name: string, value: string): void {
  const { pathname, search, protocol } = new URL(value);
  const usable = pathname === '/' && search === '' && /^https?:$/.test(protocol);
  if (!usable)
    throw new ObjectsError('invalid', `open ${name}`, 'an endpoint is http(s)://host[:port], without a path');
}

export function openObjects(options: ObjectsOptions): Objects {
  const { endpoint, publicEndpoint = endpoint, region } = options;
  assertOrigin('endpoint', endpoint);
  assertOrigin('publicEndpoint', publicEndpoint);
  const client = openClient(endpoint, options);
  // A signature covers the host, so what clients use must be signed for the host that they use.
  const signer = publicEndpoint === endpoint ? client : openClient(publicEndpoint, options);
  const requests = new Requests(client, region);

  return {
    createUpload: (bucket, key, upload) => createUpload(requests, bucket, key, upload),
    presignPart: (bucket, key, uploadId, partNumber, { expiresSeconds }) =>
      presign(signer, 'PUT', { bucket, key }, expiresSeconds, { partNumber: String(partNumber), uploadId }),
    listParts: (bucket, key, uploadId) => listParts(requests, bucket, key, uploadId),
    completeUpload: (bucket, key, uploadId, parts) => completeUpload(requests, bucket, key, uploadId, parts),
    abortUpload: (bucket, key, uploadId) => abortUpload(requests, bucket, key, uploadId),
    listUploads: (bucket, prefix) => listUploads(requests, bucket, prefix),
    presignGet: (bucket, key, { expiresSeconds, filename }) => {
      const query = filename === undefined ? {} : { 'response-content-disposition': contentDisposition(filename) };
      return presign(signer, 'GET', { bucket, key }, expiresSeconds, query);
    },
    read: (bucket, key, range) => openRead(requests, bucket, key, range),
    head: (bucket, key) => headOf(requests, bucket, key),
    put: (bucket, key, body, how) => put(requests, bucket, key, body, how),
    copy: (from, to) => copy(requests, from, to),
    remove: (bucket, key) => remove(requests, bucket, key),
    list: (bucket, prefix) => listObjects(requests, bucket, prefix),
    ensureBucket: bucket => ensureBucket(client, requests, bucket, region),
    ping: () => ping(requests),
  };
}

async function presign(
  signer: Client,
  method: string,
  { bucket, key }: Address,
  expires: number,
  query: Record<string, string>,
) {
  try {
    return await signer.presignedUrl(method, bucket, key, expires, query);
  } catch (error) {
    throw toObjectsError(error, `presign ${bucket}/${key}`);
  }
}

async function copy(requests: Requests, from: Address, to: Address): Promise<{ etag: string }> {
  const operation = `copy ${from.bucket}/${from.key} to ${to.bucket}/${to.key}`;
  const headers = { 'x-amz-copy-source': `/${from.bucket}/${encodePath(from.key)}` };
  return retrying('any', async () => {
    const xml = await requests.onceForText({ operation, method: 'PUT', ...to, headers });
    assertDone(operation, xml, 'CopyObjectResult');
    return { etag: plainEtag(text(xml, 'ETag')) };
  });
}

async function remove(requests: Requests, bucket: string, key: string): Promise<void> {
  try {
    await requests.send({ operation: `remove ${bucket}/${key}`, method: 'DELETE', bucket, key, expect: [200, 204] });
  } catch (error) {
    if (!has(error, 'NoSuchKey', 'NotFound')) throw error;
  }
}

async function ensureBucket(client: Client, requests: Requests, bucket: string, region: string): Promise<void> {
  const operation = `ensure bucket ${bucket}`;
  try {
    await requests.send({ operation, method: 'HEAD', bucket });
    return;
  } catch (error) {
    if (!has(error, 'NoSuchBucket', 'NotFound')) throw error;
  }
  try {
    await retrying('any', async () => {
      await client.makeBucket(bucket, region).catch((error: unknown) => {
        throw toObjectsError(error, operation);
      });
    });
  } catch (error) {
    if (!has(error, 'BucketAlreadyOwnedByYou')) throw error;
  }
}

async function ping(requests: Requests): Promise<void> {
  try {
    await requests.send({ operation: 'ping', method: 'GET' });
  } catch (error) {
    // A key for a few buckets alone may not list them; being told so shows that it is known.
    if (!has(error, 'AccessDenied')) throw error;
  }
}
