// A stream that outlives its lines: what came is never asked for again, and only the server says that it is over.
import type { RouteSpec, StreamEvent, Streaming } from '@arena/contracts';
import { readEvent, readProblemEvent, readRefusal } from './answer.js';
import { ArenaError } from './error.js';
import { createFrameReader, type Frame } from './event-frames.js';
import { toRequest, unreachable, type WireRequest } from './request.js';
import { delayMs, mayRetry, pause } from './retry.js';
import type { LooseCall } from './types.js';

export interface Line {
  origin: string;
  credential: string | undefined;
  send: typeof fetch;
  retries: number;
  timeoutMs: number;
  checkAnswers: boolean;
}

/** Three heartbeats: a line that says nothing for so long is not there any more. */
const SILENCE_MS = 45_000;

export async function* follow(
  line: Line,
  spec: RouteSpec & Streaming,
  { lastEventId, ...call }: LooseCall,
): AsyncGenerator<StreamEvent<unknown>, void, undefined> {
  let last = lastEventId;
  for (let tried = 0; ; tried++) {
    try {
      const request = toRequest(line.origin, spec, { ...call, lastEventId: last }, line.credential);
      for await (const { id, event, data } of connect(line, request)) {
        if (event === 'end') return;
        if (event === 'problem') throw readProblemEvent(data);
        last = id ?? last;
        tried = 0;
        yield { id: last ?? '', event, data: readEvent(spec, data, line.checkAnswers) };
      }
      throw unreachable(request.url, new Error('The stream broke off'));
    } catch (error) {
      if (tried >= line.retries || !mayRetry(error, spec)) throw error;
      await pause(delayMs(tried, error.retryAfterSeconds), call.signal);
    }
  }
}

/** The frames of one connection; whatever ends it before the server does is `client/unreachable`. */
async function* connect({ send, timeoutMs }: Line, { url, init }: WireRequest): AsyncGenerator<Frame> {
  const hangUp = new AbortController();
  const patience = silence(hangUp, timeoutMs);
  try {
    const signal = init.signal ? AbortSignal.any([hangUp.signal, init.signal]) : hangUp.signal;
    const response = await send(url, { ...init, signal });
    if (!response.ok) throw readRefusal(response, await response.text());
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw new ArenaError('client/unexpected-answer', {
        status: response.status,
        title: `${url} answered no event stream`,
      });
    const take = createFrameReader();
    const decoder = new TextDecoder();
    for (const reader = response.body.getReader(); ;) {
      patience.from(SILENCE_MS);
      const { done, value } = await reader.read();
      patience.end();
      if (done) return;
      yield* take(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    if (init.signal?.aborted || error instanceof ArenaError) throw error;
    throw unreachable(url, error);
  } finally {
    patience.end();
    hangUp.abort();
  }
}

/** Hangs up when nothing was heard for the time that was last given. */
function silence(hangUp: AbortController, firstMs: number) {
  const after = (ms: number) => setTimeout(() => hangUp.abort(new Error(`Nothing was heard for ${ms} ms`)), ms);
  let timer = after(firstMs);
  const end = () => clearTimeout(timer);
  return {
    from(ms: number) {
      end();
      timer = after(ms);
    },
    end,
  };
}
