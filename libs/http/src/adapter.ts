// Fastify as we run it: bodies by the route table, bounded, and every error as a problem, also those from before any route.
import type { Socket } from 'node:net';
import { BODY_BYTES_MAX, problems, type ProblemCode } from '@arena/contracts';
import { runWithTrace, type HttpMetrics } from '@arena/observe';
import { DomainError, toProblem } from '@arena/problem';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyInstance } from 'fastify';
import { readBodies } from './bodies.js';
import { watchConnections } from './close-server.js';
import type { RouteRequest } from './route-request.js';

export interface AdapterOptions {
  metrics?: HttpMetrics;
  /** Proxies whose X-Forwarded-For is believed. */
  trustProxy?: string[];
  bodyLimit?: number;
}

export function createAdapter({
  metrics,
  trustProxy = ['127.0.0.1', '::1'],
  bodyLimit = BODY_BYTES_MAX,
}: AdapterOptions) {
  const instance = fastify({
    trustProxy,
    bodyLimit,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    clientErrorHandler: refuseRaw,
    frameworkErrors: (error, _request, reply) => {
      const code = error.code === 'FST_ERR_BAD_URL' ? 'request/malformed' : 'request/invalid';
      void reply
        .status(problems[code].status as never)
        .header('content-type', 'application/problem+json; charset=utf-8');
      void reply.send(JSON.stringify(toProblem(new DomainError(code))) as never);
    },
  });
  watchConnections(instance.server);
  readBodies(instance);
  followTraces(instance);
  if (metrics) measure(instance, metrics);
  return new FastifyAdapter(instance as never);
}

function followTraces(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const { traceparent, tracestate } = request.headers;
    const name = `${request.method} ${request.routeOptions.url ?? 'unmatched'}`;
    void runWithTrace(
      { traceparent, tracestate },
      () =>
        new Promise<void>(resolve => {
          reply.raw.once('close', resolve);
          done();
        }),
      { name, kind: 'server' },
    );
  });
}

function measure(instance: FastifyInstance, metrics: HttpMetrics): void {
  instance.addHook('onResponse', (request: RouteRequest, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const ms = request.answeredAfterMs ?? reply.elapsedTime;
    metrics.observe({ route, method: request.method, status: reply.statusCode, seconds: ms / 1_000 });
    done();
  });
}

const rawFaults: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'request/headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request/timeout',
};

/** Bytes that are no HTTP request never reach a route, but their sender gets a problem all the same. */
function refuseRaw(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = toProblem(new DomainError(rawFaults[error.code ?? ''] ?? 'request/malformed'));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
