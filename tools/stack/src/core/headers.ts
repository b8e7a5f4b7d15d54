import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Meant for the next hop alone (RFC 9110, 7.6.1), and `expect`, which we have answered ourselves. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What may travel on: without hop-by-hop headers, and without those that `connection` names. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = String(headers.connection ?? '').split(',');
  const dropped = new Set([...HOP_BY_HOP, ...named.map(name => name.trim().toLowerCase())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

export interface Arrival {
  remoteAddress: string;
  host: string;
  requestId: string;
}

/** We are the edge: what a client claims about itself in forwarding headers is replaced, never extended. */
export function upstreamHeaders(headers: IncomingHttpHeaders, arrival: Arrival): OutgoingHttpHeaders {
  const { forwarded: _claimed, ...kept } = endToEnd(headers);
  return {
    ...kept,
    // Node would leave out the framing of a body on a method that rarely has one.
    ...(headers['transfer-encoding'] && { 'transfer-encoding': 'chunked' }),
    'x-forwarded-for': arrival.remoteAddress,
    'x-forwarded-host': arrival.host,
    'x-forwarded-proto': 'http',
    'x-request-id': arrival.requestId,
  };
}

const SAFE_ID = /^[\w.-]{1,100}$/;

/** A client may name its request, as long as the name can be logged and sent on as it is. */
export const requestIdOf = (headers: IncomingHttpHeaders, fresh: () => string): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : fresh();
};
