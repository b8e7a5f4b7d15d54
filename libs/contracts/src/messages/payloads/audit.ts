import { z } from 'zod';
import { Instant } from '../../http/shapes.js';

/** What a service did, for the one audit log in task-service. */
export const RecordAudit = z.object({
  actor: z.string().min(1).meta({ description: 'A wallet, `key:<id>` or `service:<name>`' }),
  action: z.string().min(1),
  subject: z.string().min(1),
  reason: z.string().nullable(),
  before: z.json(),
  after: z.json(),
  traceId: z.string().nullable(),
  at: Instant,
});
