import { strict as assert } from 'node:assert';
import type { Client } from 'minio';
import type { Answer, RawS3 } from './raw.js';

export interface Target {
  readonly bucket: string;
  readonly raw: RawS3;
  readonly minio: Client;
}

export interface Rule {
  readonly title: string;
  /** A good S3 server may lack it; our services work without it. */
  readonly optional?: true;
  readonly check: (target: Target) => Promise<void>;
}

export const must = (title: string, check: Rule['check']): Rule => ({ title, check });
export const may = (title: string, check: Rule['check']): Rule => ({ title, check, optional: true });

export function expectStatus(answer: Answer, status: number, code?: string): void {
  assert.equal(answer.status, status, `status ${answer.status} ${answer.code}, expected ${status} ${code ?? ''}`);
  if (code !== undefined) assert.equal(answer.code, code);
}

export const md5 = async (data: Buffer | string, encoding: 'hex' | 'base64') =>
  (await import('node:crypto')).createHash('md5').update(data).digest(encoding);

export const mib = 1024 * 1024;

export async function startUpload(
  { raw, bucket }: Target,
  key: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await raw.call('POST', bucket, key, { query: { uploads: '' }, headers });
  expectStatus(answer, 200);
  const id = /<UploadId>([^<]+)<\/UploadId>/.exec(answer.text)?.[1];
  assert.ok(id, 'there is an upload id');
  return id;
}

export async function putPart(
  { raw, bucket }: Target,
  key: string,
  uploadId: string,
  partNumber: number,
  body: Buffer | string,
) {
  const answer = await raw.call('PUT', bucket, key, { query: { uploadId, partNumber: String(partNumber) }, body });
  expectStatus(answer, 200);
  return { number: partNumber, etag: String(answer.headers.etag) };
}

export const partsXml = (parts: readonly { number: number; etag: string }[]) =>
  `<CompleteMultipartUpload>${parts
    .map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
    .join('')}</CompleteMultipartUpload>`;

export const complete = (
  { raw, bucket }: Target,
  key: string,
  uploadId: string,
  parts: readonly { number: number; etag: string }[],
  headers: Record<string, string> = {},
) => raw.call('POST', bucket, key, { query: { uploadId }, body: partsXml(parts), headers });
