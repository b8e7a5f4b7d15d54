import { z } from 'zod';
import { Instant } from '../http/shapes.js';

/** W3C trace context, so that a trace goes on on the other side of a queue. */
export const Trace = z.object({ traceparent: z.string().max(200), tracestate: z.string().max(512).optional() });
export type Trace = z.output<typeof Trace>;

/** What every message carries around its payload. */
export const envelope = {
  /** UUID v7: also the id of the job, of the inbox row and, later, of the webhook. */
  id: z.uuidv7().meta({ description: 'The same wherever this message appears' }),
  /** What it is about, as `task:12`: the messages of one entity can be ordered. */
  entity: z.string().min(1).max(200),
  /** Gapless per entity, from the transaction that changed it. A projection ignores an older one. */
  entityVersion: z.int().min(1),
  occurredAt: Instant,
  trace: Trace.optional(),
};
