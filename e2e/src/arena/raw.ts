import { problemsOf, routes, type Problem, type ProblemCode, type RouteName, type RouteSpec } from '@arena/contracts';

export interface Outcome {
  status: number;
  headers: Headers;
  problem: Problem | undefined;
  body: unknown;
}

export interface RawCall {
  params?: Record<string, string | number>;
  query?: string;
  /** Bytes go as they are, text as JSON that may be broken, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  token?: string | undefined;
}

let counter = 0;

/** A request by the route table and no client: it can be wrong in every way. */
export async function rawCall(origin: string, name: RouteName, call: RawCall = {}): Promise<Outcome> {
  const spec: RouteSpec = routes[name];
  const { params = {}, query = '', body, token, headers = {} } = call;
  const path = spec.path.replace(/:(\w+)/g, (_all, part: string) => encodeURIComponent(String(params[part] ?? 'none')));
  const response = await fetch(origin + path + query, {
    method: spec.method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': body instanceof Uint8Array ? OCTETS : 'application/json' }),
      ...(spec.idempotent ? { 'idempotency-key': `raw-${process.pid}-${++counter}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: asSent(body) }),
  });
  return toOutcome(response);
}

const OCTETS = 'application/octet-stream';

const asSent = (body: unknown): string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);

export async function toOutcome(response: Response): Promise<Outcome> {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const isProblem = type.startsWith('application/problem+json');
  const isJson = isProblem || type.startsWith('application/json');
  const body: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  return {
    status: response.status,
    headers: response.headers,
    body,
    problem: isProblem ? (body as Problem) : undefined,
  };
}

/** Every failure is a problem that the route's documentation names, and never a 500. */
export function undocumented(name: RouteName, outcome: Outcome): string | undefined {
  const spec: RouteSpec = routes[name];
  const { status, problem } = outcome;
  if (status < 400)
    return status === spec.status || status === 304 ? undefined : `answered ${status}, not ${spec.status}`;
  if (!problem) return `answered ${status} without a problem`;
  if (problem.status !== status) return `answered ${status} with a problem of ${problem.status}`;
  if (status >= 500) return `answered ${status} ${problem.code}`;
  return (problemsOf(spec) as ProblemCode[]).includes(problem.code)
    ? undefined
    : `${problem.code} is not documented for it`;
}
