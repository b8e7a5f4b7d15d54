import { S3Error } from '../core/errors.js';
import { checksumHeader, type ChecksumName } from '../core/checksums.js';
import type { Conditions } from '../core/conditions.js';
import type { ObjectHeaders, StoredObject } from '../store/records.js';
import type { Exchange } from './exchange.js';

const kept = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const largestMetadata = 2048;

// Silence about these would let a caller believe in a protection that is not there.
const unsupported = /^x-amz-(server-side-encryption|object-lock|tagging|website|grant|security-token)/;

export function assertSupported(exchange: Exchange): void {
  for (const name of exchange.request.headers.keys()) {
    if (unsupported.test(name)) throw new S3Error('NotImplemented', `This server does not implement ${name}`);
  }
}

export function readMetadata(exchange: Exchange): ObjectHeaders {
  const headers: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of exchange.request.headers) {
    const own = name.startsWith('x-amz-meta-');
    if (own) size += name.length - 'x-amz-meta-'.length + value.length;
    if (own || kept.includes(name)) headers[name] = value;
  }
  if (size > largestMetadata) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      fields: { Size: size, MaxSizeAllowed: largestMetadata },
    });
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined) {
    const others = encoding
      .split(',')
      .map(each => each.trim())
      .filter(each => each !== 'aws-chunked' && each !== '');
    if (others.length > 0) headers['content-encoding'] = others.join(',');
    else delete headers['content-encoding'];
  }
  return headers;
}

export const readConditions = (exchange: Exchange, prefix = ''): Conditions => ({
  ifMatch: exchange.header(`${prefix}if-match`),
  ifNoneMatch: exchange.header(`${prefix}if-none-match`),
  ifModifiedSince: exchange.header(`${prefix}if-modified-since`),
  ifUnmodifiedSince: exchange.header(`${prefix}if-unmodified-since`),
});

export function describe(object: StoredObject, exchange: Exchange): Record<string, string> {
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    ...object.headers,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modified).toUTCString(),
  };
  if (exchange.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && exchange.header('range') === undefined) {
    for (const [name, value] of Object.entries(object.checksums)) headers[checksumHeader(name as ChecksumName)] = value;
  }
  for (const [name, value] of exchange.request.query) {
    const overridden = name.startsWith('response-') ? name.slice('response-'.length) : '';
    if (!kept.includes(overridden)) continue;
    // A control character would be a header of the attacker's own.
    if (/[\u0000-\u001f\u007f]/.test(value)) throw new S3Error('InvalidArgument', `${name} holds a control character`);
    headers[overridden] = Buffer.from(value, 'utf8').toString('latin1');
  }
  return headers;
}
