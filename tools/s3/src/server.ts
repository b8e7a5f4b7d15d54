import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeXml } from './core/xml.js';
import type { AccessKey } from './core/grants.js';
import type { Faults } from './faults.js';
import { serve, type Service } from './http/serve.js';
import { claim } from './store/claim.js';
import { Store } from './store/store.js';

export interface S3Options {
  readonly folder: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly keys: readonly AccessKey[];
  readonly region?: string;
  readonly faults?: Faults;
  /** Of listings, 1000 as with S3; a test of paging makes it small. */
  readonly pageSize?: number;
}

export interface S3Server {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const idleMs = 120_000;

export async function startS3({
  folder,
  host = '127.0.0.1',
  port = 0,
  keys,
  region = 'us-east-1',
  faults,
  pageSize = 1000,
}: S3Options): Promise<S3Server> {
  await mkdir(folder, { recursive: true });
  const release = await claim(folder);
  try {
    const service: Service = { store: await Store.open(folder), keys, region, faults, pageSize };
    return await listen(service, host, port, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function listen(service: Service, host: string, port: number, release: () => void): Promise<S3Server> {
  const running = new Set<Promise<void>>();
  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    const work = serve(service, incoming, response).finally(() => running.delete(work));
    running.add(work);
  };
  // A slow upload of gigabytes is no attack here: only an idle connection ends.
  const server = createServer({ requestTimeout: 0 }, handle);
  server.timeout = idleMs;
  // Without this listener Node invites the body before the caller is known.
  server.on('checkContinue', handle);
  server.on('clientError', (_, socket) => {
    if (!socket.writable) return;
    const body = writeXml('Error', { Code: 'InvalidRequest', Message: 'The request could not be parsed.' });
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const named = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${named}:${address.port}`,
    port: address.port,
    close: async () => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.allSettled([closed, ...running]);
      release();
    },
  };
}
