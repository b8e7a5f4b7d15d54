/**
 * A second SigV4, written from Amazon's description and sharing nothing with the server's own,
 * so that the suite does not check the server against itself.
 */
import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

export interface ToSign {
  readonly method: string;
  readonly host: string;
  /** Already percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
  readonly at: Date;
}

export const hex = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

export function percent(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9_.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

export const amzTime = (at: Date) => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

const scopeOf = (time: string, region: string) => [time.slice(0, 8), region, 's3', 'aws4_request'].join('/');

export function queryString(query: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(query).map(name => `${percent(name)}=${percent(query[name] ?? '')}`);
  return pairs.sort().join('&');
}

function signText(secretKey: string, time: string, region: string, text: string): string {
  let key: string | Buffer = `AWS4${secretKey}`;
  for (const step of scopeOf(time, region).split('/')) key = createHmac('sha256', key).update(step).digest();
  return createHmac('sha256', key).update(text).digest('hex');
}

function signature(request: ToSign, { secretKey, region }: Credentials): { names: string; signature: string } {
  const time = amzTime(request.at);
  const lower = Object.entries({ ...request.headers, host: request.host }).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  const sorted = lower.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const names = sorted.map(([name]) => name).join(';');
  const lines = sorted.map(([name, value = '']) => `${name}:${value.trim()}\n`).join('');
  const canonical = `${request.method}\n${request.path}\n${queryString(request.query)}\n${lines}\n${names}\n${request.payload}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scopeOf(time, region)}\n${hex(canonical)}`;
  return { names, signature: signText(secretKey, time, region, text) };
}

export function signedHeaders(request: ToSign, credentials: Credentials): Record<string, string> {
  const time = amzTime(request.at);
  const headers = { ...request.headers, 'x-amz-date': time, 'x-amz-content-sha256': request.payload };
  const signed = signature({ ...request, headers }, credentials);
  const credential = `${credentials.accessKey}/${scopeOf(time, credentials.region)}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed.names}, Signature=${signed.signature}`,
  };
}

export function presignedQuery(request: Omit<ToSign, 'payload'>, expires: number, credentials: Credentials): string {
  const time = amzTime(request.at);
  const names = Object.keys({ ...request.headers, host: '' }).map(name => name.toLowerCase());
  const query = {
    ...request.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKey}/${scopeOf(time, credentials.region)}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expires),
    'X-Amz-SignedHeaders': names.sort().join(';'),
  };
  const signed = signature({ ...request, query, payload: 'UNSIGNED-PAYLOAD' }, credentials);
  return `${queryString(query)}&X-Amz-Signature=${signed.signature}`;
}

const frame = (data: Buffer, sign: string) =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)};chunk-signature=${sign}\r\n`), data, Buffer.from('\r\n')]);

/** The body of `STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER]`; `seed` is the signature of the request. */
export function signedChunks(
  chunks: readonly Buffer[],
  seed: string,
  at: Date,
  { secretKey, region }: Credentials,
  trailer?: { readonly name: string; readonly value: string },
): Buffer {
  const time = amzTime(at);
  const head = (kind: string) => `AWS4-HMAC-SHA256-${kind}\n${time}\n${scopeOf(time, region)}`;
  let previous = seed;
  const next = (data: Buffer) => {
    previous = signText(secretKey, time, region, `${head('PAYLOAD')}\n${previous}\n${hex('')}\n${hex(data)}`);
    return previous;
  };
  const framed = chunks.map(data => frame(data, next(data)));
  const last = Buffer.from(`0;chunk-signature=${next(Buffer.alloc(0))}\r\n`);
  if (!trailer) return Buffer.concat([...framed, last, Buffer.from('\r\n')]);
  const text = `${trailer.name}:${trailer.value}\n`;
  const sealed = signText(secretKey, time, region, `${head('TRAILER')}\n${previous}\n${hex(text)}`);
  const end = `${trailer.name}:${trailer.value}\r\nx-amz-trailer-signature:${sealed}\r\n\r\n`;
  return Buffer.concat([...framed, last, Buffer.from(end)]);
}
