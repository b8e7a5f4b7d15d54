import type { Database } from '@arena/db';

export interface Retention {
  inboxDays: number;
  acksDays: number;
}

/**
 * A message is delivered again only while its row is open. A sender that was down for longer than this would send
 * again what was acknowledged meanwhile, and the inbox would not remember it.
 */
export const defaultRetention: Retention = { inboxDays: 30, acksDays: 30 };

const batch = 5_000;

const inbox = `delete from inbox where message_id in (
  select message_id from inbox where at < now() - $1 * interval '1 day' limit ${batch})`;
const acks = `delete from bus.acks where (message_id, subscriber) in (
  select message_id, subscriber from bus.acks where at < now() - $1 * interval '1 day' limit ${batch})`;

export async function prune(database: Database, retention: Retention): Promise<void> {
  await database.read.query(inbox, [retention.inboxDays]);
  await database.read.query(acks, [retention.acksDays]);
}
