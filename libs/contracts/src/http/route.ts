// A route as data: what binds it in a service, what documents it, what a client calls and what the policy test
// walks through are all read from the same row.
import type { z } from 'zod';
import type { ProblemCode } from '../problems.js';

export const scopes = ['submit', 'validate', 'webhooks', 'read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/**
 * Who may call. A session holds every scope of its account; a key holds the scopes it was made with.
 * - `anyone`: no credential needed; one that is sent must still be good.
 * - `caller`: any credential with the scope, wallet-less integrator keys included.
 * - `account`: a credential of a wallet with the scope; `session` means that no API key is enough.
 * - `admin`: an account with the admin role, by session or by a key with the scope `admin`.
 */
export type Access =
  { who: 'anyone' } | { who: 'caller'; scope: Scope } | { who: 'account'; scope: Scope | 'session' } | { who: 'admin' };

/** Named rate limits; their sizes are in `limits`. */
export const limits = {
  read: { perMinute: 6_000, burst: 600 },
  write: { perMinute: 600, burst: 120 },
  auth: { perMinute: 120, burst: 60 },
} as const satisfies Record<string, { perMinute: number; burst: number }>;
export type LimitName = keyof typeof limits;

export const BODY_BYTES_MAX = 1024 * 1024;

export interface RouteSpec {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for parameters. */
  path: `/v1/${string}`;
  summary: string;
  description?: string;
  access: Access;
  /** Objects behind this path belong to an account: whoever else asks is told that there is none. */
  owned?: true;
  limit: LimitName;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body is these bytes, as they are, instead of JSON of the shape `body`. */
  media?: 'application/octet-stream';
  /** In bytes; `BODY_BYTES_MAX` when left out. */
  bodyLimit?: number;
  status: number;
  answer: z.ZodType | null;
  /** A GET answered by events as they happen: its status is 200, its `answer` null. */
  stream?: { event: z.ZodType };
  /** Effects happen once per Idempotency-Key. `secret`: the answer bears one and is never stored. */
  idempotent?: 'stored' | 'secret';
  /** The answer carries an ETag; with `if-match` the request must name the one it was made from. */
  etag?: 'answer' | 'if-match';
  /** What can go wrong beyond what access, shape and limits imply. */
  problems?: readonly ProblemCode[];
}

export const route = <const R extends RouteSpec>(spec: R): R => spec;

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Raw<T> = T extends z.ZodType ? z.input<T> : undefined;

export type ParamsOf<R extends RouteSpec> = Parsed<R['params']>;
export type QueryOf<R extends RouteSpec> = Parsed<R['query']>;
export type BodyOf<R extends RouteSpec> = R extends { media: string } ? Uint8Array : Parsed<R['body']>;
/** What a handler gives back. */
export type AnswerOf<R extends RouteSpec> = R['answer'] extends z.ZodType ? z.input<R['answer']> : undefined;
/** What a client gets. */
export type ReceivedOf<R extends RouteSpec> = R['answer'] extends z.ZodType ? z.output<R['answer']> : undefined;
export type SentBodyOf<R extends RouteSpec> = R extends { media: string } ? Uint8Array | Blob : Raw<R['body']>;
export type SentQueryOf<R extends RouteSpec> = Raw<R['query']>;
export type SentParamsOf<R extends RouteSpec> = Raw<R['params']>;

/** One happening of a stream. Whoever comes back with its `id` as Last-Event-ID gets what came after it. */
export interface StreamEvent<T> {
  id: string;
  event: string;
  data: T;
}

/** The part of a row that makes it a stream. */
export interface Streaming {
  stream: { event: z.ZodType };
}

type EventSchema<R extends RouteSpec> = R extends Streaming ? R['stream']['event'] : never;
/** What a handler yields. */
export type EventOf<R extends RouteSpec> = StreamEvent<z.input<EventSchema<R>>>;
/** What a follower gets. */
export type ReceivedEventOf<R extends RouteSpec> = StreamEvent<z.output<EventSchema<R>>>;
