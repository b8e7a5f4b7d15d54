import type { IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { Client } from 'minio';
import { ObjectsError, kindOf, toObjectsError } from './errors.js';
import { retrying } from './retry.js';
import { openConnections } from './transport.js';
import { text } from './xml.js';

export interface ObjectsOptions {
  readonly endpoint: string;
  /** Where clients reach the store, when that differs: presigned URLs are made for it. */
  readonly publicEndpoint?: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface Call {
  /** For people: `put datasets/abc`. */
  readonly operation: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly expect?: readonly number[];
  readonly retry?: 'any' | 'untouched';
}

const encode = (value: string) =>
  encodeURIComponent(value).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

export const encodePath = (path: string) => path.split('/').map(encode).join('/');

export function openClient(endpoint: string, { region, accessKey, secretKey }: ObjectsOptions): Client {
  const url = new URL(endpoint);
  const useSSL = url.protocol === 'https:';
  return new Client({
    endPoint: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (useSSL ? 443 : 80),
    useSSL,
    region,
    accessKey,
    secretKey,
    pathStyle: true,
    // Its own retries would send a half-read stream again and write to the console.
    retryOptions: { disableRetry: true },
    ...openConnections(useSSL),
  });
}

/** Signed requests through the minio client, with our errors and our retries. */
export class Requests {
  constructor(
    private readonly client: Client,
    private readonly region: string,
  ) {}

  /** One attempt; the answer is still to be read. */
  async once({
    operation,
    method,
    bucket,
    key,
    query = {},
    headers = {},
    body,
    expect = [200],
  }: Call): Promise<IncomingMessage> {
    const search = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
    const request = {
      method,
      headers: { ...headers },
      query: search.join('&'),
      ...(bucket !== undefined && { bucketName: bucket }),
      ...(key !== undefined && { objectName: key }),
    };
    try {
      return await this.client.makeRequestAsync(request, body ?? '', [...expect], this.region);
    } catch (error) {
      throw toObjectsError(error, operation);
    }
  }

  async open(call: Call): Promise<IncomingMessage> {
    return retrying(call.retry ?? 'any', () => this.once(call));
  }

  /** For answers of which only the headers matter. */
  async send(call: Call): Promise<IncomingMessage> {
    return retrying(call.retry ?? 'any', async () => {
      const answer = await this.once(call);
      await readText(call, answer);
      return answer;
    });
  }

  async onceForText(call: Call): Promise<string> {
    return readText(call, await this.once(call));
  }

  async sendForText(call: Call): Promise<string> {
    return retrying(call.retry ?? 'any', () => this.onceForText(call));
  }
}

async function readText({ operation }: Call, answer: IncomingMessage): Promise<string> {
  try {
    return await textOf(answer);
  } catch (error) {
    throw toObjectsError(error, operation);
  }
}

/** S3 begins a long answer with 200 before it knows the outcome: the error then stands in the body. */
export function assertDone(operation: string, xml: string, result: string): void {
  if (new RegExp(`<${result}[\\s>]`).test(xml)) return;
  const code = text(xml, 'Code') ?? 'InternalError';
  throw new ObjectsError(kindOf(code), operation, code);
}
