import type { Json } from '@arena/contracts';
import type { ChainedEntry } from '../core/audit-chain.js';
import { exactJson } from '../core/exact-json.js';

/** An entry as SQL gives it: times and JSON as text, so that nothing of them is lost on the way into the hash. */
export type EntryRow = Omit<ChainedEntry, 'before' | 'after'> & { before: string | null; after: string | null };

const instant = (column: string) => `to_char(e.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Every column of `audit_entries e`. A column that is not in here is not protected by the chain. */
export const entryColumns = `
  e.id, ${instant('at')} as at, ${instant('recorded_at')} as "recordedAt", e.actor, e.action, e.subject, e.reason,
  e.before::text as before, e.after::text as after, e.trace_id as "traceId"`;

export function toEntry({
  id,
  at,
  recordedAt,
  actor,
  action,
  subject,
  reason,
  traceId,
  ...json
}: EntryRow): ChainedEntry {
  const [before, after]: Json[] = [exactJson(json.before), exactJson(json.after)];
  return { id, at, recordedAt, actor, action, subject, reason, before: before ?? null, after: after ?? null, traceId };
}
