import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { authenticate } from '../core/authenticate.js';
import { S3Error } from '../core/errors.js';
import { assertAllowed, type AccessKey } from '../core/grants.js';
import { parseRequest, type S3Request } from '../core/request.js';
import { writeXml } from '../core/xml.js';
import { faultFor, type Faults } from '../faults.js';
import { isErrno } from '../store/files.js';
import type { Store } from '../store/store.js';
import { corsHeaders, preflight } from './cors.js';
import { Exchange, sendXml } from './exchange.js';
import { operationFor } from './operations.js';

export interface Service {
  readonly store: Store;
  readonly keys: readonly AccessKey[];
  readonly region: string;
  readonly faults: Faults | undefined;
  readonly pageSize: number;
}

async function answer(service: Service, request: S3Request, incoming: IncomingMessage, response: ServerResponse) {
  const rules = service.store.find(request.bucket)?.cors ?? [];
  if (request.method === 'OPTIONS') {
    response.writeHead(200, preflight(request, rules)).end();
    return;
  }
  for (const [name, value] of Object.entries(corsHeaders(request, rules))) response.setHeader(name, value);
  const operation = operationFor(request);
  const fault = faultFor(service.faults, operation.name, request);
  if (fault && 'delayMs' in fault) await wait(fault.delayMs);
  if (fault && 'status' in fault) {
    const code = fault.status === 503 ? 'SlowDown' : 'InternalError';
    sendXml(response, fault.status, writeXml('Error', { Code: code, Message: 'Please reduce your request rate.' }));
    return;
  }
  const caller = authenticate(request, service.keys, service.region, new Date());
  assertAllowed(caller.key.grants, operation.access, request.bucket);
  if (fault && 'loseAnswer' in fault) loseAnswer(response);
  await operation.run(new Exchange(request, incoming, response, service, caller, fault));
}

function loseAnswer(response: ServerResponse): void {
  response.writeHead = () => response;
  response.end = () => response.destroy();
}

function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return new S3Error('ServiceUnavailable', 'The disk is full.');
  console.error(error);
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.');
}

function sendError(response: ServerResponse, error: unknown, resource: string, bodyless: boolean): void {
  // Once the body has begun there is no other way to say that it is not whole.
  if (response.headersSent) {
    if (!response.writableFinished) response.destroy();
    return;
  }
  const { code, message, status, fields, headers } = asS3Error(error);
  const document = { Code: code, Message: message, Resource: resource, ...fields, RequestId: requestId(response) };
  if (bodyless) response.writeHead(status, headers).end();
  else sendXml(response, status, writeXml('Error', document), headers);
}

const requestId = (response: ServerResponse) => String(response.getHeader('x-amz-request-id') ?? '');

const disconnected = (error: unknown) =>
  isErrno(error, 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ECONNRESET', 'EPIPE');

/** Never throws: whatever goes wrong becomes an S3 error document. */
export async function serve(service: Service, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amz-request-id', randomUUID());
  response.setHeader('server', 'arena-s3 (development only)');
  const target = incoming.url ?? '/';
  try {
    const request = parseRequest(incoming.method ?? 'GET', target, incoming.rawHeaders);
    await answer(service, request, incoming, response);
  } catch (error) {
    if (disconnected(error)) response.destroy();
    else sendError(response, error, target.split('?')[0] ?? '/', incoming.method === 'HEAD');
    // A client that is still sending reads the answer only when it has done so.
    incoming.resume();
  }
}
