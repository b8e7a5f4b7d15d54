import { request, type Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ProblemCode } from '@arena/contracts';
import { endToEnd, upstreamHeaders } from '../core/headers.js';

export interface Hop {
  agent: Agent;
  target: { host: string; port: number };
  requestId: string;
  /** Without a word for this long before the answer starts, the service counts as away; a started answer may pause. */
  silenceMs: number;
  refuse(code: ProblemCode): void;
}

/** Hands a request on and its answer back, as they come: nothing is kept whole in memory. */
export function forward(incoming: IncomingMessage, outgoing: ServerResponse, hop: Hop): void {
  const arrival = {
    remoteAddress: incoming.socket.remoteAddress ?? '',
    host: incoming.headers.host ?? '',
    requestId: hop.requestId,
  };
  const upstream = request({
    ...hop.target,
    agent: hop.agent,
    method: incoming.method,
    path: incoming.url,
    headers: upstreamHeaders(incoming.headers, arrival),
    setHost: false,
  });
  let timedOut = false;
  upstream.setTimeout(hop.silenceMs, () => {
    timedOut = true;
    upstream.destroy();
  });
  upstream.on('response', answer => {
    upstream.setTimeout(0);
    outgoing.writeHead(answer.statusCode ?? 502, { 'x-request-id': hop.requestId, ...endToEnd(answer.headers) });
    // An event stream must open before its first event.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    // A cut answer must not look like a whole one.
    answer.on('aborted', () => outgoing.destroy());
  });
  upstream.on('error', error => {
    if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy();
    // A kept-alive connection may be closed at the moment of its reuse; a request without a body can simply go again.
    const stale = upstream.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
    if (stale && !timedOut && isRepeatable(incoming)) return forward(incoming, outgoing, hop);
    incoming.unpipe(upstream);
    hop.refuse(timedOut ? 'service/timeout' : 'service/upstream');
  });
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  incoming.pipe(upstream);
}

const isRepeatable = ({ method, headers }: IncomingMessage) =>
  (method === 'GET' || method === 'HEAD') && !headers['content-length'] && !headers['transfer-encoding'];
