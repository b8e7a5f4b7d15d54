// The second port, for the cluster and not for the public: /healthz (restart me if not), /readyz (send me traffic
// if so) and /metrics. The two are different questions: a process whose database is away is alive, and restarting
// it would help nobody.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from '../metrics/registry.js';
import { type Checks, runChecks } from './checks.js';
import { watchEventLoop } from './event-loop.js';

export interface OperationsOptions {
  readonly port: number;
  readonly host?: string;
  readonly registry: Registry;
  readonly checks: Checks;
  /** For each check of readiness. */
  readonly checkTimeoutMs?: number;
  /** A loop that stood still for longer is taken as stuck: BullMQ loses its locks (5 s) then. */
  readonly maxLoopDelayMs?: number;
}

export interface Operations {
  readonly port: number;
  readonly url: string;
  /** From here on /readyz says no: the first step of a shutdown. */
  drain(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

export async function startOperations(options: OperationsOptions): Promise<Operations> {
  const { port, host = '127.0.0.1', registry, checks, checkTimeoutMs = 2_000, maxLoopDelayMs = 5_000 } = options;
  const loop = watchEventLoop();
  const state = { draining: false };

  const pages: Readonly<Record<string, () => Promise<Answer>>> = {
    '/healthz': async () => {
      const delay = loop.maxDelayMs();
      const stuck = delay > maxLoopDelayMs;
      return json(stuck ? 503 : 200, { status: stuck ? 'stuck' : 'alive', eventLoopDelayMs: delay });
    },
    '/readyz': async () => {
      if (state.draining) return json(503, { status: 'draining', checks: {} });
      const results = await runChecks(checks, checkTimeoutMs);
      const ready = !state.draining && Object.values(results).every(result => result.ok);
      return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks: results });
    },
    '/metrics': async () => ({ status: 200, body: await registry.metrics(), type: registry.contentType }),
  };

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    void answer(page, request.method ?? 'GET').then(result => send(response, result));
  });
  await listen(server, port, host);

  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    drain: () => {
      state.draining = true;
    },
    close: async () => {
      loop.stop();
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(page: (() => Promise<Answer>) | undefined, method: string): Promise<Answer> {
  if (page === undefined) return json(404, { status: 'not found' });
  if (method !== 'GET' && method !== 'HEAD') return json(405, { status: 'method not allowed' });
  try {
    return await page();
  } catch {
    return json(500, { status: 'failed' });
  }
}

function json(status: number, body: object): Answer {
  return { status, body: `${JSON.stringify(body)}\n`, type: 'application/json' };
}

function send(response: ServerResponse, { status, body, type = 'text/plain' }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const hint = `METRICS_PORT ${port} on ${host} is taken: stop what uses it or set METRICS_PORT to a free port`;
      reject(taken ? new Error(hint, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}
