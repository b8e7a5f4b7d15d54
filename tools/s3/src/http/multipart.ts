import { checksumElement, checksumHeader, checksumNames, type ChecksumName } from '../core/checksums.js';
import { S3Error } from '../core/errors.js';
import { wholeNumber } from '../core/names.js';
import { parseCopyRange } from '../core/range.js';
import { all, required, root, textOf } from '../core/xml.js';
import type { Written } from '../store/blobs.js';
import type { Checksums, StoredPart } from '../store/records.js';
import { abortUpload, completeUpload, createUpload, putPart, uploadOf, type ListedPart } from '../store/uploads.js';
import { openBody, readText } from './body.js';
import type { Exchange } from './exchange.js';
import { pageSize } from './listing.js';
import { assertSupported, readConditions, readMetadata } from './metadata.js';
import { copyBytes, copySource } from './objects.js';

const mostParts = 10_000;
const largestDocument = 4 * 1024 * 1024;

const idOf = (exchange: Exchange) => exchange.query('uploadId') ?? '';
const numberOf = (exchange: Exchange) => wholeNumber('partNumber', exchange.query('partNumber'), 1, mostParts);

export async function startUpload(exchange: Exchange): Promise<void> {
  assertSupported(exchange);
  const id = await createUpload(exchange.bucket, exchange.key, readMetadata(exchange), new Date());
  exchange.xml('InitiateMultipartUploadResult', { Bucket: exchange.bucket.name, Key: exchange.key, UploadId: id });
}

async function keepPart(
  exchange: Exchange,
  number: number,
  written: Written,
  checksums: Checksums,
): Promise<StoredPart> {
  const part: StoredPart = {
    number,
    etag: written.etag,
    modified: new Date().toISOString(),
    checksums,
    segment: { id: written.id, size: written.size },
  };
  await putPart(exchange.bucket, exchange.key, idOf(exchange), part);
  return part;
}

export async function uploadPart(exchange: Exchange): Promise<void> {
  const number = numberOf(exchange);
  uploadOf(exchange.bucket, exchange.key, idOf(exchange));
  const body = openBody(exchange);
  const written = await exchange.store.blobs.write(body.chunks);
  const { etag, checksums } = await keepPart(exchange, number, written, body.checksums);
  const sums = Object.entries(checksums).map(([name, value]) => [checksumHeader(name as ChecksumName), value]);
  exchange.empty(200, { etag: `"${etag}"`, ...Object.fromEntries(sums) });
}

export async function copyPart(exchange: Exchange): Promise<void> {
  const number = numberOf(exchange);
  uploadOf(exchange.bucket, exchange.key, idOf(exchange));
  const source = copySource(exchange);
  const range = parseCopyRange(exchange.header('x-amz-copy-source-range'), source.size);
  const written = await copyBytes(exchange, source, range?.start ?? 0, range?.end ?? source.size - 1);
  const part = await keepPart(exchange, number, written, {});
  exchange.xml('CopyPartResult', { LastModified: part.modified, ETag: `"${part.etag}"` });
}

export function listParts(exchange: Exchange): void {
  const upload = uploadOf(exchange.bucket, exchange.key, idOf(exchange));
  const max = pageSize(exchange, 'max-parts');
  const after = wholeNumber('part-number-marker', exchange.query('part-number-marker') ?? '0', 0, 2 ** 31 - 1);
  const rest = [...upload.parts.values()].filter(part => part.number > after).sort((a, b) => a.number - b.number);
  const page = rest.slice(0, max);
  exchange.xml('ListPartsResult', {
    Bucket: exchange.bucket.name,
    Key: exchange.key,
    UploadId: upload.id,
    StorageClass: 'STANDARD',
    PartNumberMarker: after,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: max,
    IsTruncated: rest.length > page.length && page.length > 0,
    Part: page.map(({ number, etag, modified, segment, checksums }) => ({
      PartNumber: number,
      LastModified: modified,
      ETag: `"${etag}"`,
      Size: segment.size,
      ...Object.fromEntries(checksumNames.map(name => [checksumElement(name), checksums[name]])),
    })),
  });
}

function readParts(text: string): ListedPart[] {
  const parts = all(root(text, 'CompleteMultipartUpload'), 'Part').map(part => ({
    number: wholeNumber('PartNumber', required(part, 'PartNumber').trim(), 1, mostParts),
    etag: required(part, 'ETag'),
    checksums: Object.fromEntries(
      checksumNames.flatMap(name => {
        const sum = textOf(part, checksumElement(name));
        return sum === undefined ? [] : [[name, sum]];
      }),
    ),
  }));
  if (parts.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part');
  return parts;
}

export async function finishUpload(exchange: Exchange): Promise<void> {
  const parts = readParts(await readText(exchange, largestDocument));
  if (exchange.fault && 'errorInBody' in exchange.fault) {
    exchange.xml('Error', { Code: 'InternalError', Message: 'We encountered an internal error. Please try again.' });
    return;
  }
  const { bucket, key } = exchange;
  const object = await completeUpload(bucket, key, idOf(exchange), parts, readConditions(exchange), new Date());
  exchange.xml('CompleteMultipartUploadResult', {
    Location: `/${bucket.name}/${key}`,
    Bucket: bucket.name,
    Key: key,
    ETag: `"${object.etag}"`,
  });
}

export async function cancelUpload(exchange: Exchange): Promise<void> {
  await abortUpload(exchange.bucket, exchange.key, idOf(exchange));
  exchange.empty(204);
}
