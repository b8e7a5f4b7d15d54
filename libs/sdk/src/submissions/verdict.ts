// Waits until intake has said its word: by the event stream, or by asking again and again where no stream comes through.
import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { pause } from '../retry.js';
import type { Submission } from './options.js';

export interface VerdictOptions {
  /** Hears of every state and step on the way. */
  onSeen?: ((submission: Submission) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A read that waits as long is still well within the time of one try. */
const WAIT_SECONDS = 20;
const STEP_MS = 1_000;

/** The submission as soon as it is accepted, rejected, or otherwise at its end; being rejected is no error. */
export async function verdictOn(client: Client, submission: string, options: VerdictOptions = {}): Promise<Submission> {
  const { onSeen, signal } = options;
  const over = new AbortController();
  const both = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const told = async () =>
    (await followed(client, submission, { onSeen, signal: both })) ??
    (await asked(client, submission, { onSeen, signal: both }));
  const ways = onSeen ? [told(), watched(client, submission, { onSeen, signal: both })] : [told()];
  try {
    return await Promise.race(ways);
  } finally {
    over.abort(new Error('The verdict is there'));
    await Promise.allSettled(ways);
  }
}

const isPending = ({ state }: Submission): boolean => state === 'uploading' || state === 'inspecting';

/** Undefined when no stream gets through: proxies there are that hold one back. */
async function followed(client: Client, submission: string, { onSeen, signal }: VerdictOptions) {
  try {
    for await (const { data } of client.follow('submissions.events', { params: { submission }, signal })) {
      onSeen?.(data);
      if (!isPending(data)) return data;
    }
  } catch (error) {
    if (!(error instanceof ArenaError) || !isInTheWay(error)) throw error;
  }
  return undefined;
}

const isInTheWay = ({ code, status = 0 }: ArenaError): boolean =>
  code === 'client/unreachable' || code === 'client/unexpected-answer' || status >= 500;

async function asked(client: Client, submission: string, { onSeen, signal }: VerdictOptions): Promise<Submission> {
  for (let after: number | undefined; ;) {
    const query = after === undefined ? {} : { wait: WAIT_SECONDS, after };
    const found = await client.call('submissions.get', { params: { submission }, query, signal });
    onSeen?.(found);
    if (!isPending(found)) return found;
    after = found.version;
  }
}

/** A step is no change of state, so that no event tells of it. */
async function watched(
  client: Client,
  submission: string,
  { onSeen, signal }: VerdictOptions & { signal: AbortSignal },
): Promise<Submission> {
  for (;;) {
    await pause(STEP_MS, signal);
    const found = await client.call('submissions.get', { params: { submission }, signal });
    if (!signal.aborted) onSeen?.(found);
    if (!isPending(found)) return found;
  }
}
