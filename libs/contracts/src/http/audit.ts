import { z } from 'zod';
import { route } from './route.js';
import { Instant, page, pageQuery } from './shapes.js';

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Instant,
    actor: z.string().meta({ description: 'A wallet, `key:<id>` or `service:<name>`' }),
    action: z.string(),
    subject: z.string(),
    reason: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    traceId: z.string().nullable(),
    seal: z
      .object({ sequence: z.int(), hash: z.string(), previous: z.string() })
      .nullable()
      .meta({ description: 'Place in the hash chain; null for the second until the sealer has come by' }),
  })
  .meta({ id: 'AuditEntry' });

export const AuditHead = z
  .object({ sequence: z.int(), hash: z.string(), at: Instant.nullable() })
  .meta({ id: 'AuditHead' });

export const auditRoutes = {
  'audit.list': route({
    method: 'GET',
    path: '/v1/audit',
    summary: 'Read the audit log, newest first',
    access: { who: 'admin' },
    limit: 'read',
    query: z.strictObject({
      ...pageQuery,
      actor: z.string().max(100).optional(),
      action: z.string().max(100).optional(),
      subject: z.string().max(200).optional(),
      from: Instant.optional(),
      to: Instant.optional(),
    }),
    status: 200,
    answer: page(AuditEntry),
    problems: ['page/cursor'],
  }),
  'audit.head': route({
    method: 'GET',
    path: '/v1/audit/head',
    summary: 'The newest sealed hash: whoever keeps it can tell later whether the log was rewritten',
    access: { who: 'anyone' },
    limit: 'read',
    status: 200,
    answer: AuditHead,
  }),
  'audit.verify': route({
    method: 'POST',
    path: '/v1/audit/verify',
    summary: 'Recompute the whole chain and compare it with the heads kept outside the database',
    access: { who: 'admin' },
    limit: 'write',
    body: z
      .strictObject({ head: z.strictObject({ sequence: z.int().min(1), hash: z.string().max(64) }).optional() })
      .optional(),
    status: 200,
    answer: z
      .object({
        intact: z.boolean(),
        checked: z.int(),
        head: AuditHead,
        outsideHeads: z.int().meta({ description: 'How many heads from outside the database were compared' }),
        faults: z.array(z.object({ sequence: z.int(), what: z.string() })),
      })
      .meta({ id: 'AuditVerdict' }),
  }),
};
