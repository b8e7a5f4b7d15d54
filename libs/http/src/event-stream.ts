// What a handler yields, as bytes: one event is asked for when the last has been taken, so a slow follower slows its
// source and fills no memory.
import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem, StreamEvent } from '@arena/contracts';
import type { z } from 'zod';
import { END, eventFrame, HEARTBEAT, problemFrame } from './core/event-frame.js';

export interface EventSource {
  events: AsyncIterable<StreamEvent<unknown>>;
  shape: z.ZodType;
  signal: AbortSignal;
  heartbeatMs: number;
  /** Whether the follower may still see this: throws when not. */
  recheck(): Promise<void>;
  problemOf(error: unknown): Problem;
}

/** A source that has nothing yet must not keep the follower, and proxies, from seeing that the stream is up. */
const FIRST_MS = 5_000;
/** A credential that was revoked is good for no longer than this. */
const RECHECK_MS = 1_000;

/** Rejects with what the source throws before its first event: so far that can be a plain answer. */
export async function openEventStream(source: EventSource): Promise<Readable> {
  const events = source.events[Symbol.asyncIterator]();
  const first = events.next();
  const waiting = new AbortController();
  const patience = sleep(FIRST_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([first, patience]).finally(() => waiting.abort());
  return toBytes(source, events, first);
}

function toBytes(
  source: EventSource,
  events: AsyncIterator<StreamEvent<unknown>>,
  first: Promise<IteratorResult<StreamEvent<unknown>>>,
) {
  const { shape, signal, heartbeatMs, recheck, problemOf } = source;
  let coming: typeof first | undefined = first;
  let asking = false;
  let over = false;
  let checkedAt = performance.now();
  // A follower may go before anybody has looked at it.
  first.catch(() => undefined);

  function finish(last?: string): void {
    if (over) return;
    over = true;
    clearInterval(beat);
    signal.removeEventListener('abort', cut);
    if (last !== undefined) stream.push(last);
    stream.push(null);
    void Promise.resolve(events.return?.()).catch(() => undefined);
  }
  // Neither an end nor a problem: whoever follows shall come back.
  const cut = () => finish();
  const fail = (error: unknown) => (signal.aborted ? cut() : finish(problemFrame(problemOf(error))));

  async function still(): Promise<void> {
    if (performance.now() - checkedAt < RECHECK_MS) return;
    await recheck();
    checkedAt = performance.now();
  }

  async function ask(): Promise<void> {
    if (asking || over) return;
    asking = true;
    try {
      const next = coming ?? events.next();
      coming = undefined;
      const { done, value } = await next;
      if (done) return finish(signal.aborted ? undefined : END);
      await still();
      const frame = eventFrame({ ...value, data: shape.parse(value.data) });
      asking = false;
      if (!over) stream.push(frame);
    } catch (error) {
      fail(error);
    }
  }

  // Asked for from the socket's side, which knows nothing of the request's trace.
  const scope = new AsyncResource('EventStream');
  const inScope = (work: () => Promise<void>) => () => void scope.runInAsyncScope(work);
  const stream = new Readable({
    read: inScope(ask),
    destroy(error, callback) {
      finish();
      callback(error);
    },
  });
  const knock = async () =>
    still().then(() => void (!over && stream.readableLength === 0 && stream.push(HEARTBEAT)), fail);
  const beat = setInterval(inScope(knock), heartbeatMs);
  // Opens the stream on the follower's side.
  stream.push(HEARTBEAT);
  if (signal.aborted) cut();
  else signal.addEventListener('abort', cut);
  return stream;
}
