import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { scrubText } from '../logging/scrub-text.js';
import { telemetryIsOn } from './telemetry.js';
import { type Carrier, currentTrace, newTrace, runWithContext, traceOf, traceparentOf } from './trace-context.js';

export type SpanAttributes = Attributes;
export type Annotate = (attributes: SpanAttributes) => void;

export interface Received {
  /** A route template or a message name, never a path with ids in it. */
  readonly name?: string;
  readonly kind?: 'server' | 'consumer';
  readonly attributes?: SpanAttributes;
}

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;

/** Runs a part of the work as a span of its own; its errors are recorded and thrown on. */
export function withSpan<Result>(
  name: string,
  attributes: SpanAttributes,
  fn: (annotate: Annotate) => Result | Promise<Result>,
): Promise<Result> {
  if (telemetryIsOn()) return recorded(name, { attributes }, context.active(), fn);
  return runWithContext(currentTrace() ?? newTrace(), async () => fn(ignore));
}

/** Continues the sender's trace, or begins one: around the handling of each request and of each message. */
export function runWithTrace<Result>(
  carrier: Carrier,
  fn: (annotate: Annotate) => Result | Promise<Result>,
  { name = 'receive', kind = 'consumer', attributes = {} }: Received = {},
): Promise<Result> {
  if (!telemetryIsOn()) return runWithContext(traceOf(carrier) ?? newTrace(), async () => fn(ignore));
  return recorded(name, { attributes, kind: kinds[kind] }, propagation.extract(ROOT_CONTEXT, carrier), fn);
}

/** What a message has to carry for `runWithTrace` on the other side; empty outside of any trace. */
export function injectTrace(): Record<string, string> {
  const carrier: Record<string, string> = {};
  if (telemetryIsOn()) propagation.inject(context.active(), carrier);
  const active = currentTrace();
  return active === undefined ? carrier : { traceparent: traceparentOf(active), ...carrier };
}

function recorded<Result>(
  name: string,
  options: { readonly attributes: SpanAttributes; readonly kind?: SpanKind },
  parent: Context,
  fn: (annotate: Annotate) => Result | Promise<Result>,
): Promise<Result> {
  return trace.getTracer('arena').startActiveSpan(name, options, parent, async span => {
    try {
      return await fn(added => span.setAttributes(added));
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

// An exporter is a way out of the process like a log line: nothing secret may take it.
function fail(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.recordException({ name, message: scrubText(message) });
  span.setStatus({ code: SpanStatusCode.ERROR, message: scrubText(message) });
}

function ignore(): void {
  // Without telemetry there is no span to annotate.
}
