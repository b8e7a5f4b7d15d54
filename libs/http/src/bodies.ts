// Bodies by the route table: JSON, or where a row says so bytes; each bounded by its row, anything else refused.
import type { IncomingMessage } from 'node:http';
import { DomainError } from '@arena/problem';
import type { FastifyError, FastifyInstance } from 'fastify';
import { specAt } from './route-table.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The one media type that this route takes instead of JSON. */
    media?: string | undefined;
  }
}

export function readBodies(instance: FastifyInstance): void {
  instance.addHook('onRoute', options => {
    const spec = specAt(options.method, options.url);
    if (spec?.media) options.config = { ...options.config, media: spec.media };
    else if (spec?.bodyLimit) options.bodyLimit = spec.bodyLimit;
  });
  instance.removeAllContentTypeParsers();
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    void parse(request, body as string, (error: FastifyError | Error | null, value?: unknown) =>
      error ? done(new DomainError('request/broken-json', { cause: error })) : done(null, value),
    );
  });
  // Not read yet: the pipeline does that, for who may send them.
  instance.addContentTypeParser('application/octet-stream', (request, payload, done) =>
    request.routeOptions.config.media ? done(null, payload) : done(new DomainError('request/media-type')),
  );
  instance.addContentTypeParser('*', (_request, _payload, done) => done(new DomainError('request/media-type')));
  readOutRefused(instance);
}

/** More than this is not read from anybody who was refused. */
const DISCARDED_MOST = 32 * 1024 * 1024;

/**
 * To close the line on a client that is still sending resets it, and the answer is lost. So what is left of a refused
 * body is read and thrown away, and the line can go on; `requestTimeout` bounds it in time.
 */
function readOutRefused(instance: FastifyInstance): void {
  instance.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (reply.statusCode >= 400 && !raw.complete) {
      reply.removeHeader('connection');
      discard(raw);
    }
    done();
  });
}

function discard(body: IncomingMessage): void {
  let left = DISCARDED_MOST;
  body.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) body.destroy();
  });
  body.on('error', () => undefined);
  body.resume();
}
