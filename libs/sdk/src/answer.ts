import { Problem, type RouteSpec, type Streaming } from '@arena/contracts';
import { z } from 'zod';
import { ArenaError } from './error.js';

const AnyProblem = Problem.extend({ code: z.string() });

/** What a good answer says; undefined for one without a body. */
export const readBody = (spec: RouteSpec, status: number, text: string, check: boolean): unknown =>
  spec.answer ? read(spec.answer, spec, status, text, check) : undefined;

/** What an event of a stream says. */
export const readEvent = (spec: RouteSpec & Streaming, text: string, check: boolean): unknown =>
  read(spec.stream.event, spec, spec.status, text, check);

function read(shape: z.ZodType, spec: RouteSpec, status: number, text: string, check: boolean): unknown {
  const body = parseJson(text);
  if (!check && body !== undefined) return body;
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ArenaError('client/unexpected-answer', {
    status,
    title: `${spec.method} ${spec.path} answered something else than it documents`,
    errors: parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, detail: message })),
    cause: parsed.error,
  });
}

/** What a refusal says: its problem, or what can be told without one, as when a proxy spoke. */
export function readRefusal(response: Response, text: string, now: Date = new Date()): ArenaError {
  const { status, headers } = response;
  const retryAfterSeconds = secondsIn(headers.get('retry-after'), now);
  const problem = AnyProblem.safeParse(parseJson(text));
  if (problem.success) return new ArenaError(problem.data.code, { ...problem.data, status, retryAfterSeconds });
  return new ArenaError('client/unexpected-answer', {
    status,
    title: `HTTP ${status} without a problem body`,
    detail: text.trim().slice(0, 200) || undefined,
    retryAfterSeconds,
  });
}

/** A stream that has begun says in an event what went wrong. */
export function readProblemEvent(text: string): ArenaError {
  const problem = AnyProblem.safeParse(parseJson(text));
  if (problem.success) return new ArenaError(problem.data.code, problem.data);
  return new ArenaError('client/unexpected-answer', { title: 'A stream failed and did not say why' });
}

/** Retry-After is seconds or a date. */
export function secondsIn(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
