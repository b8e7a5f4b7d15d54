import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hex, percent, presignedQuery, queryString, signedHeaders, type Credentials } from './signer.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The S3 error code, or ''. */
  readonly code: string;
}

export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent, but not signed. */
  readonly unsigned?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What the signature says of the body, when that is not its digest. */
  readonly payload?: string;
  readonly at?: Date;
}

/** Requests made by hand, paths untouched: `fetch` would take the dots out of `/a/../b`. */
export class RawS3 {
  private readonly endpoint: URL;

  constructor(
    endpoint: string,
    readonly credentials: Credentials,
  ) {
    this.endpoint = new URL(endpoint);
  }

  as(credentials: Partial<Credentials>): RawS3 {
    return new RawS3(this.endpoint.href, { ...this.credentials, ...credentials });
  }

  private path(bucket: string, key: string): string {
    return `/${bucket}${key === '' ? '' : `/${key.split('/').map(percent).join('/')}`}`;
  }

  sign(
    method: string,
    bucket: string,
    key: string,
    call: Call = {},
  ): { target: string; headers: Record<string, string> } {
    const { query = {}, headers = {}, body = '', payload = hex(body), at = new Date() } = call;
    const path = this.path(bucket, key);
    const signed = signedHeaders(
      { method, host: this.endpoint.host, path, query, headers, payload, at },
      this.credentials,
    );
    const search = queryString(query);
    return { target: search === '' ? path : `${path}?${search}`, headers: { ...signed, ...call.unsigned } };
  }

  async call(method: string, bucket: string, key = '', call: Call = {}): Promise<Answer> {
    const { target, headers } = this.sign(method, bucket, key, call);
    return this.send(method, target, headers, call.body);
  }

  presign(
    method: string,
    bucket: string,
    key: string,
    expires: number,
    call: Omit<Call, 'body' | 'payload'> = {},
  ): string {
    const { query = {}, headers = {}, at = new Date() } = call;
    const path = this.path(bucket, key);
    return `${path}?${presignedQuery({ method, host: this.endpoint.host, path, query, headers, at }, expires, this.credentials)}`;
  }

  send(
    method: string,
    target: string,
    headers: Record<string, string> = {},
    body: string | Buffer = '',
  ): Promise<Answer> {
    const { hostname, port, protocol, host } = this.endpoint;
    const open = protocol === 'https:' ? httpsRequest : httpRequest;
    const bytes = Buffer.from(body);
    const length = bytes.length > 0 || method === 'PUT' || method === 'POST' ? { 'content-length': bytes.length } : {};
    return new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        method,
        path: target,
        headers: { host, ...length, ...headers },
        agent: false as const,
      };
      const request = open(options, response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          const text = body.toString('utf8');
          const code = /<Error>.*?<Code>([^<]*)<\/Code>/s.exec(text)?.[1] ?? '';
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text, code });
        });
      });
      request.on('error', reject).setTimeout(30_000, () => request.destroy(new Error('no answer in 30 s')));
      request.end(bytes);
    });
  }
}

export function values(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(found => found[1] ?? '');
}
