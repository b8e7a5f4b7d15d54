import { createHash } from 'node:crypto';
import { ObjectsError } from './errors.js';
import { assertDone, type Requests } from './requests.js';
import { retrying } from './retry.js';
import { headOf } from './stat.js';
import { elements, escape, plainEtag, text } from './xml.js';

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly etag: string;
}

export interface ArrivedPart extends Part {
  readonly size: number;
}

export async function createUpload(
  requests: Requests,
  bucket: string,
  key: string,
  { contentType }: { contentType?: string } = {},
) {
  const operation = `create upload ${bucket}/${key}`;
  const headers = { 'content-type': contentType ?? 'application/octet-stream' };
  // Twice is two uploads, one of which nobody knows: only a refusal is tried again.
  const xml = await requests.sendForText({
    operation,
    method: 'POST',
    bucket,
    key,
    query: { uploads: '' },
    headers,
    retry: 'untouched',
  });
  const id = text(xml, 'UploadId');
  if (!id) throw new ObjectsError('invalid', operation, 'NoUploadId');
  return id;
}

export async function listParts(
  requests: Requests,
  bucket: string,
  key: string,
  uploadId: string,
): Promise<ArrivedPart[]> {
  const parts: ArrivedPart[] = [];
  for (let marker = '0'; ;) {
    const query = { uploadId, 'part-number-marker': marker };
    const xml = await requests.sendForText({
      operation: `list parts of ${bucket}/${key}`,
      method: 'GET',
      bucket,
      key,
      query,
    });
    for (const part of elements(xml, 'Part')) {
      parts.push({
        number: Number(text(part, 'PartNumber')),
        etag: plainEtag(text(part, 'ETag')),
        size: Number(text(part, 'Size')),
      });
    }
    const next = text(xml, 'NextPartNumberMarker');
    if (text(xml, 'IsTruncated') !== 'true' || next === undefined || next === marker) return parts;
    marker = next;
  }
}

export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
}

export async function* listUploads(
  requests: Requests,
  bucket: string,
  prefix: string,
): AsyncGenerator<UnfinishedUpload> {
  for (let marker: Record<string, string> = {}; ;) {
    const query = { uploads: '', prefix, 'encoding-type': 'url', ...marker };
    const xml = await requests.sendForText({ operation: `list uploads of ${bucket}`, method: 'GET', bucket, query });
    for (const upload of elements(xml, 'Upload')) {
      yield {
        key: decodeURIComponent((text(upload, 'Key') ?? '').replaceAll('+', ' ')),
        uploadId: text(upload, 'UploadId') ?? '',
        initiated: new Date(text(upload, 'Initiated') ?? 0),
      };
    }
    const [key, uploadId] = [text(xml, 'NextKeyMarker'), text(xml, 'NextUploadIdMarker')];
    if (text(xml, 'IsTruncated') !== 'true' || key === undefined || uploadId === undefined) return;
    marker = { 'key-marker': decodeURIComponent(key.replaceAll('+', ' ')), 'upload-id-marker': uploadId };
  }
}

/** The ETag that S3 gives to an object of these parts; a store that encrypts may keep only the count true. */
function isMadeOf(etag: string, parts: readonly Part[]): boolean {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  return etag === `${md5.digest('hex')}-${parts.length}` || etag.endsWith(`-${parts.length}`);
}

/**
 * Succeeds as often as it is called: an answer may be lost, and stores disagree on what a second
 * call gets (NoSuchUpload, NoSuchKey, InternalError). The object that is there decides.
 */
export function completeUpload(
  requests: Requests,
  bucket: string,
  key: string,
  uploadId: string,
  parts: readonly Part[],
  { ifNoneMatch }: { ifNoneMatch?: '*' } = {},
): Promise<{ etag: string }> {
  const operation = `complete upload ${bucket}/${key}`;
  const listed = [...parts].sort((a, b) => a.number - b.number);
  const xml = listed.map(
    part =>
      `<Part><PartNumber>${part.number}</PartNumber><ETag>&quot;${escape(plainEtag(part.etag))}&quot;</ETag></Part>`,
  );
  const body = Buffer.from(`<CompleteMultipartUpload>${xml.join('')}</CompleteMultipartUpload>`);
  return retrying('any', async () => {
    try {
      const headers = { 'content-type': 'application/xml', ...(ifNoneMatch && { 'if-none-match': ifNoneMatch }) };
      const answer = await requests.onceForText({
        operation,
        method: 'POST',
        bucket,
        key,
        query: { uploadId },
        headers,
        body,
      });
      assertDone(operation, answer, 'CompleteMultipartUploadResult');
      // Some stores leave it out here, and know it a moment later.
      const etag = plainEtag(text(answer, 'ETag')) || (await headOf(requests, bucket, key))?.etag;
      if (!etag) throw new ObjectsError('unavailable', operation, 'NoETag');
      return { etag };
    } catch (error) {
      const mayBeDone = error instanceof ObjectsError && (error.kind === 'missing' || error.kind === 'unavailable');
      const there = mayBeDone ? await headOf(requests, bucket, key) : undefined;
      if (there && isMadeOf(there.etag, listed)) return { etag: there.etag };
      throw error;
    }
  });
}

/** An upload that is gone already is aborted. */
export async function abortUpload(requests: Requests, bucket: string, key: string, uploadId: string): Promise<void> {
  const operation = `abort upload ${bucket}/${key}`;
  try {
    await requests.send({ operation, method: 'DELETE', bucket, key, query: { uploadId }, expect: [200, 204] });
  } catch (error) {
    if (!(error instanceof ObjectsError && error.kind === 'missing')) throw error;
  }
}
