import type { Database } from '@arena/db';

export interface Retention {
  closedDays: number;
  inboxDays: number;
  acksDays: number;
}

/**
 * What is kept bounds what may still come twice: a message is delivered again only while its row is open, and a row
 * whose sender was down for longer than the inbox remembers could have its effect twice.
 */
export const defaultRetention: Retention = { closedDays: 3, inboxDays: 30, acksDays: 30 };

const batch = 5_000;

const outbox = `delete from outbox where id in (
  select id from outbox where closed_at < now() - $1 * interval '1 day' limit ${batch})`;
const inbox = `delete from inbox where message_id in (
  select message_id from inbox where at < now() - $1 * interval '1 day' limit ${batch})`;
const acks = `delete from bus.acks where (message_id, subscriber) in (
  select message_id, subscriber from bus.acks where at < now() - $1 * interval '1 day' limit ${batch})`;

export async function prune(database: Database, retention: Retention): Promise<void> {
  await database.read.query(outbox, [retention.closedDays]);
  await database.read.query(inbox, [retention.inboxDays]);
  await database.read.query(acks, [retention.acksDays]);
}
