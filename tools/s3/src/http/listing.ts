import { S3Error } from '../core/errors.js';
import { pageOf, readCursor, writeCursor, type Cursor } from '../core/listing.js';
import { wholeNumber } from '../core/names.js';
import { encodePath } from '../core/signature.js';
import type { Exchange } from './exchange.js';

export function pageSize(exchange: Exchange, name: string): number {
  const asked = exchange.query(name);
  const { pageSize: largest } = exchange.service;
  return asked === undefined ? largest : Math.min(largest, wholeNumber(name, asked, 0, 2 ** 31 - 1));
}

export function readEncoding(exchange: Exchange): (text: string) => string {
  const asked = exchange.query('encoding-type');
  if (asked !== undefined && asked !== 'url')
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return asked === 'url' ? encodePath : text => text;
}

export function listObjects(exchange: Exchange): void {
  const { bucket } = exchange;
  const encode = readEncoding(exchange);
  const prefix = exchange.query('prefix') ?? '';
  const delimiter = exchange.query('delimiter') ?? '';
  const startAfter = exchange.query('start-after');
  const token = exchange.query('continuation-token');
  const max = pageSize(exchange, 'max-keys');
  const after: Cursor | undefined =
    token !== undefined ? readCursor(token) : startAfter ? { at: startAfter, group: false } : undefined;
  const { keys, prefixes, next } = pageOf(bucket.keys.all, { prefix, delimiter, after, max });
  exchange.xml('ListBucketResult', {
    Name: bucket.name,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: next && writeCursor(next),
    KeyCount: keys.length + prefixes.length,
    MaxKeys: max,
    EncodingType: exchange.query('encoding-type'),
    IsTruncated: next !== undefined,
    Contents: keys.map(key => {
      const object = bucket.object(key);
      return {
        Key: encode(key),
        LastModified: object.modified,
        ETag: `"${object.etag}"`,
        Size: object.size,
        StorageClass: 'STANDARD',
      };
    }),
    CommonPrefixes: prefixes.map(each => ({ Prefix: encode(each) })),
  });
}
