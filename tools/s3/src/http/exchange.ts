import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../core/authenticate.js';
import { queryOf, type S3Request } from '../core/request.js';
import { writeXml, type XmlValue } from '../core/xml.js';
import type { Fault } from '../faults.js';
import type { Bucket } from '../store/bucket.js';
import type { Store } from '../store/store.js';

/** One request and its answer. */
export class Exchange {
  constructor(
    readonly request: S3Request,
    readonly incoming: IncomingMessage,
    readonly response: ServerResponse,
    readonly service: { readonly store: Store; readonly region: string; readonly pageSize: number },
    readonly caller: Caller,
    readonly fault: Fault | undefined,
  ) {}

  get store(): Store {
    return this.service.store;
  }

  get region(): string {
    return this.service.region;
  }

  get bucket(): Bucket {
    return this.store.bucket(this.request.bucket);
  }

  get key(): string {
    return this.request.key;
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name);
  }

  query(name: string): string | undefined {
    return queryOf(this.request, name);
  }

  empty(status: number, headers: Record<string, string> = {}): void {
    this.response.writeHead(status, headers).end();
  }

  xml(root: string, value: Record<string, XmlValue>, headers: Record<string, string> = {}): void {
    sendXml(this.response, 200, writeXml(root, value), headers);
  }
}

export function sendXml(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}) {
  const body = Buffer.from(text);
  response
    .writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length, ...headers })
    .end(body);
}
