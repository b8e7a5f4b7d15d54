// A request on a stream route: a place among the open streams, the headers, and the events.
import type { StreamEvent } from '@arena/contracts';
import type { Logger } from '@arena/observe';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { openEventStream } from './event-stream.js';
import { lastEventId } from './parse-request.js';
import { problemOf } from './problem-of.js';
import type { Following, RouteRequest } from './route-request.js';
import type { Streams } from './streams.js';

export interface FollowRequest {
  shape: z.ZodType;
  request: RouteRequest;
  reply: FastifyReply;
  who: string;
  recheck(): Promise<void>;
  log: Logger;
}

export async function followed(
  streams: Streams,
  { shape, request, reply, who, recheck, log }: FollowRequest,
  handle: (following: Following) => Promise<unknown>,
): Promise<StreamableFile> {
  const from = lastEventId(request);
  const { signal, leave } = streams.enter(who);
  // Fastify, Nest and a pipe each watch for the end of a stream more than once: no leak.
  reply.raw.setMaxListeners(20);
  if (reply.raw.destroyed) leave();
  else reply.raw.once('close', leave);

  const events = (await handle({ lastEventId: from, signal })) as AsyncIterable<StreamEvent<unknown>>;
  const stream = await openEventStream({
    events,
    shape,
    signal,
    heartbeatMs: streams.heartbeatMs,
    recheck,
    problemOf: error => problemOf(error, request, log).problem,
  });
  request.answeredAfterMs = reply.elapsedTime;
  reply.headers({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // Kept alive it would outlast the stream, and a server that ends would wait for it.
    connection: 'close',
  });
  return new StreamableFile(stream);
}
