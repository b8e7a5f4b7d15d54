import type { Prisma } from './generated/client.js';
import type { Tx } from './database.js';

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  /** At this time or later. */
  from?: Date | undefined;
  /** Before this time. */
  to?: Date | undefined;
}

/** The sort key of the last row of the page before. */
export interface AuditKey {
  at: Date;
  id: string;
}

/** Newest first. */
export function listAudit({ prisma }: Tx, filter: AuditFilter, take: number, after: AuditKey | undefined) {
  return prisma.auditEntry.findMany({
    where: { AND: [matching(filter), ...(after ? [olderThan(after)] : [])] },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take,
    include: { seal: true },
  });
}
export type AuditRow = Awaited<ReturnType<typeof listAudit>>[number];

const matching = ({ actor, action, subject, from, to }: AuditFilter): Prisma.AuditEntryWhereInput => ({
  ...(actor !== undefined && { actor }),
  ...(action !== undefined && { action }),
  ...(subject !== undefined && { subject }),
  at: { ...(from && { gte: from }), ...(to && { lt: to }) },
});

// The first condition is implied by the second, and is what an index can start from.
const olderThan = ({ at, id }: AuditKey): Prisma.AuditEntryWhereInput => ({
  at: { lte: at },
  OR: [{ at: { lt: at } }, { id: { lt: id } }],
});
