// The one public origin of the local stack: routes by the first path segment, as the Compose gateway and the Ingress do.
import { randomUUID } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProblemCode, ServiceName } from '@arena/contracts';
import { DomainError, toProblem } from '@arena/problem';
import { requestIdOf } from '../core/headers.js';
import { ownerOf } from '../core/route.js';
import { documentation } from './documentation.js';
import { forward } from './proxy.js';

export interface GatewayOptions {
  port: number;
  /** 127.0.0.1 when left out. */
  host?: string;
  /** Where a service listens; none for one that does not run. */
  targetOf(service: ServiceName): { host: string; port: number } | undefined;
  /** The committed OpenAPI document. */
  openApiFile: string;
  silenceMs?: number;
}

export interface Gateway {
  port: number;
  close(): Promise<void>;
}

// Above the longest long-poll (30 s).
const SILENCE_MS = 60_000;
const PATIENCE_MS = 2_000;

function refuse(response: ServerResponse, code: ProblemCode, path: string, requestId: string): void {
  const problem = toProblem(new DomainError(code), { instance: path, traceId: requestId });
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
  });
  response.end(body);
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const documents = documentation(options.openApiFile);

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const requestId = requestIdOf(request.headers, randomUUID);
    const document = documents(path);
    if (document) return void document.then(send => send(response));
    const service = ownerOf(path);
    if (!service) return refuse(response, 'route/unknown', path, requestId);
    const target = options.targetOf(service);
    if (!target) return refuse(response, 'service/upstream', path, requestId);
    forward(request, response, {
      agent,
      target,
      requestId,
      silenceMs: options.silenceMs ?? SILENCE_MS,
      refuse: code => refuse(response, code, path, requestId),
    });
  };
  // Uploads may take as long as they like; the services set their own limits.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        const impatience = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
        server.close(() => {
          clearTimeout(impatience);
          agent.destroy();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
