/**
 * AWS Signature Version 4, as S3 uses it: the path is encoded once and never normalised.
 * Scope: `<day>/<region>/s3/aws4_request`. Everything here is pure; `authenticate.ts` judges.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface Signable {
  readonly method: string;
  /** Decoded, with its leading slash. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly payload: string;
}

export interface Signing {
  /** `YYYYMMDDTHHMMSSZ` */
  readonly time: string;
  readonly scope: string;
  readonly key: Buffer;
}

export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

export const emptySha256 = sha256('');

export const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

export const encodePath = (path: string) => path.split('/').map(encode).join('/');

const byText = (a: readonly [string, string], b: readonly [string, string]) =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;

export function canonicalRequest({ method, path, query, headers, payload }: Signable): string {
  const encodedQuery = query.map(([name, value]) => [encode(name), encode(value)] as const).sort(byText);
  return [
    method,
    encodePath(path),
    encodedQuery.map(([name, value]) => `${name}=${value}`).join('&'),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    headers.map(([name]) => name).join(';'),
    payload,
  ].join('\n');
}

export function signingFor(secretKey: string, time: string, day: string, region: string): Signing {
  const regional = hmac(hmac(`AWS4${secretKey}`, day), region);
  return { time, scope: `${day}/${region}/s3/aws4_request`, key: hmac(hmac(regional, 's3'), 'aws4_request') };
}

const sign = ({ time, scope, key }: Signing, algorithm: string, ...lines: string[]) =>
  hmac(key, [algorithm, time, scope, ...lines].join('\n')).toString('hex');

export const signRequest = (signing: Signing, request: Signable) =>
  sign(signing, 'AWS4-HMAC-SHA256', sha256(canonicalRequest(request)));

/** Each chunk of a streaming upload signs the signature before it, so that none can be left out or moved. */
export const signChunk = (signing: Signing, previous: string, dataSha256: string) =>
  sign(signing, 'AWS4-HMAC-SHA256-PAYLOAD', previous, emptySha256, dataSha256);

export const signTrailer = (signing: Signing, previous: string, trailer: string) =>
  sign(signing, 'AWS4-HMAC-SHA256-TRAILER', previous, sha256(trailer));

export function sameSignature(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
