import { randomUUID } from 'node:crypto';
import { traceId } from '@arena/observe';
import type { Prisma } from './generated/client.js';
import type { Tx } from './database.js';

export interface AuditRecord {
  at: Date;
  /** A wallet, `key:<id>` or `service:<name>`. */
  actor: string;
  /** In the imperative, as the route or command is named: `task.open`, `role.grant`. */
  action: string;
  /** What it was done to: `task:7`, `account:0x…`. */
  subject: string;
  reason?: string | null;
  before?: unknown;
  after?: unknown;
}

/** Goes into the transaction of what it tells of. The sealer chains it within a second. */
export async function recordAudit(tx: Tx, record: AuditRecord): Promise<void> {
  const { at, actor, action, subject, reason = null, before, after } = record;
  await tx.prisma.auditEntry.create({
    data: { id: randomUUID(), at, actor, action, subject, reason, ...json({ before, after }), traceId: traceId() ?? null },
  });
}

const json = (values: Record<'before' | 'after', unknown>): Partial<Record<'before' | 'after', Prisma.InputJsonValue>> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue]),
  );
