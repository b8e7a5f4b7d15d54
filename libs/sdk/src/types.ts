// What a call of a route takes and gives, read off its row of the route table.
import type { ReceivedEventOf, ReceivedOf, RouteName, Routes, SentBodyOf, Streaming } from '@arena/contracts';
import type { z } from 'zod';

type Schema<N extends RouteName, P extends 'params' | 'query' | 'body'> =
  Routes[N] extends Record<P, infer S> ? S : undefined;

/** Coerced fields take anything by their schema's word; what they turn it into says what is meant. */
type Meant<In, Out> = { [K in keyof In]: unknown extends In[K] ? Unbranded<Out[K & keyof Out]> : In[K] };
type Unbranded<T> = T extends number ? number : T;
type Given<S> = S extends z.ZodType
  ? z.input<S> extends object
    ? Meant<z.input<S>, z.output<S>>
    : z.input<S>
  : undefined;

/** Missing where there is none, optional where all of it may be left out. */
type Part<P extends string, T> = [T] extends [undefined]
  ? { [K in P]?: never }
  : object extends T
    ? { [K in P]?: T | undefined }
    : undefined extends T
      ? { [K in P]?: T | undefined }
      : { [K in P]: T };

type BodyPart<N extends RouteName> = Routes[N] extends { media: 'application/octet-stream' }
  ? { body: SentBodyOf<Routes[N]> }
  : Part<'body', Given<Schema<N, 'body'>>>;

interface CallOptions {
  signal?: AbortSignal | undefined;
}

export type Sent<N extends RouteName> = Part<'params', Given<Schema<N, 'params'>>> &
  Part<'query', Given<Schema<N, 'query'>>> &
  BodyPart<N> &
  (Routes[N] extends { etag: 'if-match' } ? { ifMatch: string } : { ifMatch?: never }) &
  /** Made once for each call when left out; give your own to repeat a call that an earlier process began. */
  (Routes[N] extends { idempotent: string } ? { idempotencyKey?: string } : { idempotencyKey?: never }) &
  CallOptions;

/** With the tag that an earlier answer came with, to be told only that nothing has changed. */
export type SentOnce<N extends RouteName> = Sent<N> &
  (Routes[N] extends { etag: 'answer' } ? { ifNoneMatch?: string | undefined } : { ifNoneMatch?: never });

export type Received<N extends RouteName> = ReceivedOf<Routes[N]>;

interface Meta {
  status: number;
  etag: string | undefined;
  headers: Headers;
}
export type FreshAnswer<N extends RouteName> = Meta & { unchanged: false; body: Received<N> };
export type Unchanged = Meta & { unchanged: true; body: undefined };
export type Answer<N extends RouteName> = Routes[N] extends { etag: 'answer' }
  ? FreshAnswer<N> | Unchanged
  : FreshAnswer<N>;

/** The routes that are followed, not called. */
export type StreamName = { [N in RouteName]: Routes[N] extends Streaming ? N : never }[RouteName];
export type CallName = Exclude<RouteName, StreamName>;
/** To go on after an event that an earlier process has seen, give its id. */
export type Followed<N extends StreamName> = Sent<N> & { lastEventId?: string | undefined };
export type ReceivedEvent<N extends StreamName> = ReceivedEventOf<Routes[N]>;

/** The routes that answer a page of a list. */
export type ListName = {
  [N in RouteName]: Received<N> extends { items: readonly unknown[]; next: string | null } ? N : never;
}[RouteName];
export type Item<N extends ListName> = Received<N> extends { items: readonly (infer T)[] } ? T : never;

/** A call before its types are lost: what the transport works with. */
export interface LooseCall extends CallOptions {
  params?: unknown;
  query?: unknown;
  body?: unknown;
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  idempotencyKey?: string | undefined;
  lastEventId?: string | undefined;
}

export type LooseAnswer = Meta & { unchanged: boolean; body: unknown };
