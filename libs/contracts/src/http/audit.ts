import { z } from 'zod';
import { Sha256 } from '../ids.js';
import { route } from './route.js';
import { Instant, page, pageQuery } from './shapes.js';

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Instant.meta({ description: 'When it happened' }),
    recordedAt: Instant.meta({ description: 'When it came into the log; later for what other services did' }),
    actor: z.string().meta({ description: 'A wallet, `key:<id>`, `service:<name>` or `chain:<transaction>`' }),
    action: z.string(),
    subject: z.string(),
    reason: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    traceId: z.string().nullable(),
    seal: z
      .object({ sequence: z.int(), hash: z.string(), previous: z.string() })
      .nullable()
      .meta({
        description:
          'Place in the hash chain; null for the second until the sealer has come by. ' +
          '`hash` is the SHA-256 of the canonical JSON (RFC 8785) of `{previous, sequence, entry}`, ' +
          '`entry` being this object without `seal`',
      }),
  })
  .meta({ id: 'AuditEntry' });

export const AuditHead = z
  .object({
    sequence: z.int().meta({ description: '0 before the first entry' }),
    hash: z.string(),
    at: Instant.nullable(),
  })
  .meta({ id: 'AuditHead' });
export type AuditHead = z.output<typeof AuditHead>;

export const AuditFault = z
  .object({
    kind: z
      .enum([
        ...(['changed', 'missing', 'gap', 'order', 'fork', 'unsealed'] as const),
        ...(['truncated', 'rewritten', 'unpublished', 'head'] as const),
      ])
      .meta({
        description:
          '`changed`: an entry or link is not what was sealed; `missing`: a link without its entry; `gap`: links gone; ' +
          '`order`: a link that does not continue the one before it; `fork`: two continuations of one link; ' +
          '`unsealed`: an entry older than a minute without a link; `truncated`: the log ends before a kept head; ' +
          '`rewritten`: a kept head has another hash; `unpublished`: the newest head, older than a minute, is not kept ' +
          'outside; `head`: a head outside cannot be read',
      }),
    sequence: z.int().nullable().meta({ description: 'Place in the chain, where the fault has one' }),
    entry: z.string().nullable(),
    what: z.string(),
  })
  .meta({ id: 'AuditFault' });
export type AuditFault = z.output<typeof AuditFault>;

export const AuditVerdict = z
  .object({
    intact: z.boolean(),
    checked: z.int().meta({ description: 'How many links were recomputed' }),
    head: AuditHead,
    outsideHeads: z.int().meta({ description: 'How many heads from outside the database were compared' }),
    faultCount: z.int(),
    faults: z.array(AuditFault).meta({ description: 'The first 100' }),
  })
  .meta({ id: 'AuditVerdict' });
export type AuditVerdict = z.output<typeof AuditVerdict>;

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
      from: Instant.optional().meta({ description: 'At this time or later' }),
      to: Instant.optional().meta({ description: 'Before this time' }),
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
      .strictObject({
        head: z
          .strictObject({ sequence: z.int().min(1), hash: Sha256 })
          .optional()
          .meta({ description: 'One that you kept yourself' }),
      })
      .optional(),
    status: 200,
    answer: AuditVerdict,
  }),
};
