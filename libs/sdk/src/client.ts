// The typed client: a call is a route's name and what its row asks for.
import { routes, type RouteName, type RouteSpec } from '@arena/contracts';
import { readBody, readRefusal } from './answer.js';
import { follow } from './follow.js';
import { attempt, toRequest } from './request.js';
import { delayMs, mayRetry, pause } from './retry.js';
import type { Answer, CallName, Followed, Item, ListName, LooseAnswer, LooseCall } from './types.js';
import type { Received, ReceivedEvent, Sent, SentOnce, StreamName } from './types.js';

export interface ClientOptions {
  /** Where the arena answers, as `https://arena.example`. */
  origin: string;
  /** A session token or an API key. */
  credential?: string | undefined;
  fetch?: typeof fetch;
  /** How often a call is tried again; 5 when left out, 0 for never. */
  retries?: number;
  /** How long one try may take before it counts as unanswered; 60 s when left out. */
  timeoutMs?: number;
  /** Whether answers are held against their documented shape. A client that must outlive the server's version can say no. */
  checkAnswers?: boolean;
}

/** The second argument may be left out where nothing in it is needed. */
type Arguments<T> = object extends T ? [sent?: T] : [sent: T];

export interface Client {
  readonly origin: string;
  call<N extends CallName>(name: N, ...sent: Arguments<Sent<N>>): Promise<Received<N>>;
  /** With status, headers and ETag; with `ifNoneMatch` the answer may be that nothing has changed. */
  callWithMeta<N extends CallName>(name: N, ...sent: Arguments<SentOnce<N>>): Promise<Answer<N>>;
  /** Every item of a list, page after page, asked for as you go. */
  paginate<N extends ListName>(name: N, ...sent: Arguments<Sent<N>>): AsyncGenerator<Item<N>, void, undefined>;
  /**
   * What happens there, as it happens, until the server says that nothing more will come. A line that breaks is taken up
   * again after the last event that came, as often in a row as `retries` says.
   */
  follow<N extends StreamName>(
    name: N,
    ...sent: Arguments<Followed<N>>
  ): AsyncGenerator<ReceivedEvent<N>, void, undefined>;
  /** The same client, calling as somebody else; undefined calls as nobody. */
  with(credential: string | undefined): Client;
}

const RETRIES = 5;
const TIMEOUT_MS = 60_000;

export function createClient(options: ClientOptions): Client {
  const { credential, retries = RETRIES, timeoutMs = TIMEOUT_MS, checkAnswers = true } = options;
  const { origin } = new URL(options.origin);

  async function send(name: RouteName, call: LooseCall): Promise<LooseAnswer> {
    const spec: RouteSpec = routes[name];
    const request = toRequest(origin, spec, call, credential);
    for (let tried = 0; ; tried++) {
      try {
        return await once(spec, request, call);
      } catch (error) {
        if (tried >= retries || !mayRetry(error, spec)) throw error;
        await pause(delayMs(tried, error.retryAfterSeconds), call.signal);
      }
    }
  }

  async function once(
    spec: RouteSpec,
    request: ReturnType<typeof toRequest>,
    { ifNoneMatch }: LooseCall,
  ): Promise<LooseAnswer> {
    const { response, text } = await attempt(options.fetch ?? fetch, request, timeoutMs);
    const { status, headers } = response;
    const meta = { status, headers, etag: headers.get('etag') ?? undefined };
    if (status === 304 && ifNoneMatch !== undefined) return { ...meta, unchanged: true, body: undefined };
    if (!response.ok) throw readRefusal(response, text);
    const body = readBody(spec, status, text, checkAnswers);
    return { ...meta, unchanged: false, body };
  }

  const call: Client['call'] = async (name, ...[sent]) => (await send(name, sent ?? {})).body as never;

  return {
    origin,
    call,
    callWithMeta: async (name, ...[sent]) => (await send(name, sent ?? {})) as never,
    async *paginate(name, ...[sent]) {
      const { query, ...rest }: LooseCall = sent ?? {};
      for (let cursor: string | null | undefined; cursor !== null;) {
        const { body } = await send(name, { ...rest, query: { ...Object(query), ...(cursor ? { cursor } : {}) } });
        const page = body as { items: never[]; next: string | null };
        yield* page.items;
        cursor = page.next;
      }
    },
    follow: (name, ...[sent]) => {
      const line = { origin, credential, send: options.fetch ?? fetch, retries, timeoutMs, checkAnswers };
      return follow(line, routes[name], sent ?? {}) as never;
    },
    with: other => createClient({ ...options, credential: other }),
  };
}
