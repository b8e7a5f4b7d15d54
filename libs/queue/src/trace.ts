import type { Message } from '@arena/contracts';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('@arena/queue');

/** Runs a handler as part of the trace in which its message was written. Costs nothing while no telemetry is set up. */
export async function inTrace<R>(message: Message, queue: string, work: () => Promise<R>): Promise<R> {
  const parent = propagation.extract(context.active(), message.trace ?? {});
  const attributes = {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queue,
    'messaging.message.id': message.id,
  };
  return tracer.startActiveSpan(
    `process ${message.name}`,
    { kind: SpanKind.CONSUMER, attributes },
    parent,
    async span => {
      try {
        return await work();
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  );
}
