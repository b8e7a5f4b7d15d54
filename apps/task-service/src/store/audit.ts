import type { Payload } from '@arena/contracts';
import { send, uuidV7 } from '@arena/db';
import { traceId } from '@arena/observe';
import { storableJson, storableText } from '../core/storable-json.js';
import type { Tx } from './database.js';

export interface AuditRecord {
  at: Date;
  /** A wallet, `key:<id>`, `service:<name>` or `chain:<transaction>`. */
  actor: string;
  /** In the imperative, as the route or command is named: `task.open`, `role.grant`. */
  action: string;
  /** What it was done to: `task:7`, `account:0x…`. */
  subject: string;
  reason?: string | null;
  before?: unknown;
  after?: unknown;
  /** Of the request or job that did it; the current one, unless it was done elsewhere. */
  traceId?: string | null;
}

/** Goes into the transaction of what it tells of. The sealer chains it within a second. */
export async function recordAudit(tx: Tx, record: AuditRecord): Promise<void> {
  const { at, actor, action, subject, reason = null, traceId: trace = traceId() ?? null } = record;
  const [before, after] = [storableJson(record.before), storableJson(record.after)];
  await send(
    tx,
    `INSERT INTO audit_entries (id, at, actor, action, subject, reason, before, after, trace_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9)`,
    [
      uuidV7(), at, storableText(actor), action, storableText(subject), reason === null ? null : storableText(reason),
      before === null ? null : JSON.stringify(before), after === null ? null : JSON.stringify(after), trace,
    ], // prettier-ignore
  );
}

/** What another service did, by its message. The inbox sees to it that a message counts once. */
export const recordAuditMessage = (tx: Tx, { at, ...told }: Payload<'audit.record.v1'>): Promise<void> =>
  recordAudit(tx, { ...told, at: new Date(at) });
