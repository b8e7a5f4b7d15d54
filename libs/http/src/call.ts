import type { Caller } from '@arena/auth';
import type { AnswerOf, BodyOf, EventOf, ParamsOf, QueryOf, RouteName, Routes, Streaming } from '@arena/contracts';
import type { Sql } from '@arena/db';

/** A request that passed every check of its route. */
export interface Call<N extends RouteName, Tx extends Sql = Sql> {
  params: ParamsOf<Routes[N]>;
  query: QueryOf<Routes[N]>;
  body: BodyOf<Routes[N]>;
  caller: Caller;
  /** What If-Match says, on routes that ask for it. */
  ifMatch: Routes[N] extends { etag: 'if-match' } ? string : undefined;
  /** The transaction in which the answer is stored: the effect of an idempotent route goes in here and nowhere else. */
  tx: Routes[N] extends { idempotent: string } ? Tx : undefined;
  /** Of the last event that a follower has seen, who wants to go on from there. */
  lastEventId: Routes[N] extends Streaming ? string | undefined : undefined;
  /** On streams: aborted when the follower has gone, or the server is going. */
  signal: Routes[N] extends Streaming ? AbortSignal : undefined;
}

/** An answer with the version that its ETag is made from. */
export interface Tagged<T> {
  body: T;
  version: number | bigint | string;
}

/**
 * A version that is cheap to look up, and how to get the rest: not loaded when an answer of this version and these
 * parameters is at hand. It must not depend on who asks.
 */
export interface Versioned<T> {
  version: number | bigint | string;
  load: () => Promise<Tagged<T>>;
}

export type HandlerAnswer<N extends RouteName> = Routes[N] extends Streaming
  ? AsyncIterable<EventOf<Routes[N]>>
  : PlainAnswer<N>;

type PlainAnswer<N extends RouteName> = Routes[N] extends { etag: 'answer' | 'if-match' }
  ? Tagged<AnswerOf<Routes[N]>> | Versioned<AnswerOf<Routes[N]>>
  : AnswerOf<Routes[N]> extends undefined
    ? void
    : AnswerOf<Routes[N]>;
