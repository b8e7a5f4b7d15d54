import type { z } from 'zod';
import { RecordAudit } from './payloads/audit.js';
import { KeysUsed } from './payloads/identity.js';
import { DeliverWebhook } from './payloads/webhook.js';

/** An order to exactly one service; who takes it stands in the routing table. */
export const commands = {
  'audit.record.v1': { payload: RecordAudit },
  'key.used.v1': { payload: KeysUsed },
  'webhook.deliver.v1': { payload: DeliverWebhook },
} as const satisfies Record<string, { payload: z.ZodType }>;

export type CommandName = keyof typeof commands;
