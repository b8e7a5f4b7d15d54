// Which trace is this code part of? With OpenTelemetry on, its active span says; with it off, a store of our own
// carries a trace id of the same form, so that a problem answer, a log line and a message always name one.
// Glossary: a carrier is a bag of W3C headers (`traceparent`) on a request or in a message.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';

export type Carrier = Readonly<Record<string, string | string[] | undefined>>;

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

const store = new AsyncLocalStorage<TraceContext>();

export function runWithContext<Result>(context: TraceContext, fn: () => Result): Result {
  return store.run(context, fn);
}

export function currentTrace(): TraceContext | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return store.getStore();
  return { traceId: span.traceId, spanId: span.spanId, flags: span.traceFlags.toString(16).padStart(2, '0') };
}

/** The id to show in an answer or a log line; undefined outside of any request, job or span. */
export function traceId(): string | undefined {
  return currentTrace()?.traceId;
}

export function newTrace(): TraceContext {
  // Sampled (01): a process without an exporter must not forbid the next one to record.
  return { traceId: randomId(16), spanId: randomId(8), flags: '01' };
}

const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export function traceOf(carrier: Carrier): TraceContext | undefined {
  const header = carrier['traceparent'];
  const match = typeof header === 'string' ? traceparent.exec(header) : null;
  const [, id, span, flags] = match ?? [];
  return id && span && flags ? { traceId: id, spanId: span, flags } : undefined;
}

export function traceparentOf(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.flags}`;
}

/** Of UUIDs, because Node draws those in bulk: a call of the random source for each request would cost more. */
function randomId(bytes: 8 | 16): string {
  return randomUUID()
    .replaceAll('-', '')
    .slice(-2 * bytes);
}
