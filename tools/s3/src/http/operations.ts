import { S3Error } from '../core/errors.js';
import type { Access } from '../core/grants.js';
import type { S3Request } from '../core/request.js';
import * as buckets from './buckets.js';
import type { Exchange } from './exchange.js';
import { listUploads } from './list-uploads.js';
import { listObjects } from './listing.js';
import * as multipart from './multipart.js';
import * as objects from './objects.js';

export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** Query parameters that make it this operation and no other. */
  readonly query?: readonly string[];
  readonly copies?: true;
  readonly access: Access;
  readonly run: (exchange: Exchange) => void | Promise<void>;
}

const operations: readonly Operation[] = [
  { name: 'ListBuckets', method: 'GET', on: 'service', access: 'any', run: buckets.listBuckets },

  { name: 'CreateBucket', method: 'PUT', on: 'bucket', access: 'owner', run: buckets.createBucket },
  { name: 'HeadBucket', method: 'HEAD', on: 'bucket', access: 'read', run: buckets.headBucket },
  { name: 'DeleteBucket', method: 'DELETE', on: 'bucket', access: 'owner', run: buckets.deleteBucket },
  {
    name: 'GetBucketLocation',
    method: 'GET',
    on: 'bucket',
    query: ['location'],
    access: 'read',
    run: buckets.getLocation,
  },
  { name: 'PutBucketCors', method: 'PUT', on: 'bucket', query: ['cors'], access: 'owner', run: buckets.putCors },
  { name: 'GetBucketCors', method: 'GET', on: 'bucket', query: ['cors'], access: 'read', run: buckets.getCors },
  {
    name: 'DeleteBucketCors',
    method: 'DELETE',
    on: 'bucket',
    query: ['cors'],
    access: 'owner',
    run: buckets.deleteCors,
  },
  { name: 'ListObjectsV2', method: 'GET', on: 'bucket', query: ['list-type'], access: 'read', run: listObjects },
  { name: 'ListMultipartUploads', method: 'GET', on: 'bucket', query: ['uploads'], access: 'read', run: listUploads },
  {
    name: 'DeleteObjects',
    method: 'POST',
    on: 'bucket',
    query: ['delete'],
    access: 'write',
    run: buckets.deleteObjects,
  },

  { name: 'GetObject', method: 'GET', on: 'object', access: 'read', run: objects.getObject },
  { name: 'HeadObject', method: 'HEAD', on: 'object', access: 'read', run: objects.getObject },
  { name: 'PutObject', method: 'PUT', on: 'object', access: 'write', run: objects.putObject },
  { name: 'CopyObject', method: 'PUT', on: 'object', copies: true, access: 'write', run: objects.copyObject },
  { name: 'DeleteObject', method: 'DELETE', on: 'object', access: 'write', run: objects.deleteObject },

  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    on: 'object',
    query: ['uploads'],
    access: 'write',
    run: multipart.startUpload,
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    on: 'object',
    query: ['uploadId', 'partNumber'],
    access: 'write',
    run: multipart.uploadPart,
  },
  {
    name: 'UploadPartCopy',
    method: 'PUT',
    on: 'object',
    query: ['uploadId', 'partNumber'],
    copies: true,
    access: 'write',
    run: multipart.copyPart,
  },
  { name: 'ListParts', method: 'GET', on: 'object', query: ['uploadId'], access: 'read', run: multipart.listParts },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    on: 'object',
    query: ['uploadId'],
    access: 'write',
    run: multipart.finishUpload,
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    on: 'object',
    query: ['uploadId'],
    access: 'write',
    run: multipart.cancelUpload,
  },
];

// Parameters that refine an operation. Any other one would ask for something that is not done here,
// and must not be answered as if it had not been there: `?acl` is not a PutObject.
const refinements = new Set([
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'upload-id-marker',
  'max-uploads',
  'part-number-marker',
  'max-parts',
  'x-id',
  'response-content-type',
  'response-content-disposition',
  'response-cache-control',
  'response-content-encoding',
  'response-content-language',
  'response-expires',
]);

export function operationFor(request: S3Request): Operation {
  const on = request.key !== '' ? 'object' : request.bucket !== '' ? 'bucket' : 'service';
  const names = request.query.map(([name]) => name).filter(name => !refinements.has(name) && !/^x-amz-/i.test(name));
  const copies = request.headers.has('x-amz-copy-source') && request.method === 'PUT' ? true : undefined;
  const found = operations.find(({ method, query = [], ...operation }) => {
    const same = query.length === new Set(names).size && query.every(name => names.includes(name));
    return operation.on === on && method === request.method && same && operation.copies === copies;
  });
  if (found) return found;
  if (!operations.some(({ method }) => method === request.method)) {
    throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
  throw new S3Error('NotImplemented', 'A header or query you provided implies functionality that is not implemented.');
}
