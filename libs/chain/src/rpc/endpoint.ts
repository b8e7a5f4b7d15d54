// One node over HTTP, with nothing between its words and our types: no retries, no caches, no silent nulls.
import { z } from 'zod';
import { classify } from './core/classify.js';
import type { BlockRange } from './core/suggested-range.js';
import { readText, TooLong } from './read-answer.js';
import { nameOf, redacted } from './redact.js';
import type { Parse, Question, Rpc } from './rpc.js';
import { RpcError } from './rpc-error.js';

export interface EndpointOptions {
  url: string;
  /** Its place among several, for its name. */
  index?: number | undefined;
  timeoutMs?: number | undefined;
  maxBytes?: number | undefined;
  /** Questions in one request. */
  maxBatch?: number | undefined;
}

export interface Endpoint extends Rpc {
  readonly name: string;
}

const Envelope = z.looseObject({
  id: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z
    .looseObject({ code: z.coerce.number().optional(), message: z.string().catch(''), data: z.unknown().optional() })
    .nullish(),
});
type Envelope = z.output<typeof Envelope>;

interface Answer {
  status: number;
  retryAfterMs: number | undefined;
  /** Undefined where it was not JSON. */
  json: unknown;
  text: string;
}

export function endpoint(options: EndpointOptions): Endpoint {
  const { url, index = 0, timeoutMs = 15_000, maxBytes = 64 * 2 ** 20, maxBatch = 100 } = options;
  const name = nameOf(url, index);
  let lastId = 0;

  const fail = (question: Question, answer: Answer, error?: Envelope['error']): RpcError => {
    const { data } = error ?? {};
    const said = [error?.message ?? answer.text, typeof data === 'string' ? '' : payloadOf(data)].join(' ').trim();
    const asked = question.method === 'eth_getLogs' ? askedRange(question.params[0]) : undefined;
    const { fault, suggested } = classify({
      method: question.method,
      status: answer.status,
      code: error?.code,
      message: said,
      asked,
    });
    const words = redacted(said, url) || `HTTP ${answer.status}`;
    return new RpcError(fault, `${name} refused ${question.method}: ${words}`, {
      code: error?.code,
      data,
      suggested,
      retryAfterMs: answer.retryAfterMs,
      provider: name,
    });
  };

  const open = <T>(question: Question, answer: Answer, envelope: unknown, id: number, parse: Parse<T>): T => {
    const read = Envelope.safeParse(envelope);
    const bad = (why: string, cause?: unknown) =>
      new RpcError('bad-answer', `${name} answered ${question.method} with ${why}`, { provider: name, cause });
    if (!read.success) throw answer.status === 200 ? bad('no JSON-RPC') : fail(question, answer);
    if (read.data.error) throw fail(question, answer, read.data.error);
    if (read.data.id !== id) throw bad('the answer to another question');
    if (!('result' in read.data)) throw bad('nothing');
    try {
      return typeof parse === 'function' ? parse(read.data.result) : parse.parse(read.data.result);
    } catch (error) {
      throw bad('what it should not be', error);
    }
  };

  const post = async (body: unknown, method: string): Promise<Answer> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await readText(response, maxBytes);
      const seconds = Number(response.headers.get('retry-after') ?? NaN);
      const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
      return { status: response.status, retryAfterMs, json: json(text), text: text.slice(0, 1_000) };
    } catch (error) {
      throw unanswered(error, method, name, timeoutMs);
    }
  };

  const ask = (question: Question, id: number) => ({ jsonrpc: '2.0', id, ...question });

  const several = async <T>(questions: readonly Question[], parse: Parse<T>): Promise<T[]> => {
    const [first] = questions;
    if (!first) return [];
    const ids = questions.map(() => (lastId += 1));
    const answer = await post(
      questions.map((question, position) => ask(question, ids[position] ?? 0)),
      first.method,
    );
    // A request that is refused as a whole has one answer.
    if (!Array.isArray(answer.json)) return [open(first, answer, answer.json, ids[0] ?? 0, parse)];
    const byId = new Map(answer.json.map((each: { id?: unknown } | null) => [each?.id, each]));
    return questions.map((question, position) => {
      const id = ids[position] ?? 0;
      return open(question, answer, byId.get(id), id, parse);
    });
  };

  return {
    name,
    async call(method, params, parse) {
      const question = { method, params };
      const id = (lastId += 1);
      const answer = await post(ask(question, id), method);
      return open(question, answer, answer.json, id, parse);
    },
    async batch(questions, parse) {
      const answers = [];
      for (let start = 0; start < questions.length; start += maxBatch) {
        const part = questions.slice(start, start + maxBatch);
        const answered = await several(part, parse);
        if (answered.length !== part.length) {
          throw new RpcError('bad-answer', `${name} answered a batch with one answer`, { provider: name });
        }
        answers.push(...answered);
      }
      return answers;
    },
  };
}

function unanswered(error: unknown, method: string, name: string, timeoutMs: number): RpcError {
  const details = { provider: name, cause: error };
  if (error instanceof TooLong) {
    const fault = method === 'eth_getLogs' ? 'range-too-large' : 'bad-answer';
    return new RpcError(fault, `${name} answered ${method} at too great length: ${error.message}`, details);
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new RpcError('timeout', `${name} did not answer ${method} in ${timeoutMs} ms`, details);
  }
  return new RpcError('unreachable', `${name} cannot be reached for ${method}`, details);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Some put what they really have to say beside the message. */
const payloadOf = (data: unknown): string =>
  typeof data === 'object' && data !== null && 'payload' in data ? String(data.payload) : '';

function askedRange(filter: unknown): BlockRange | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  const { fromBlock, toBlock } = filter as { fromBlock?: unknown; toBlock?: unknown };
  const [from, to] = [Number(fromBlock), Number(toBlock)];
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) ? { from, to } : undefined;
}
