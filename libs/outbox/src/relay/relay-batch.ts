import { acknowledgers, type Message, type ServiceName } from '@arena/contracts';
import { crashPoint, type Database, type Sql } from '@arena/db';
import type { Queues, Ring } from './queues.js';

interface Row {
  message: Message;
  recipients: ServiceName[];
}

/** Rows that another relay holds are passed over, so several relays share the work. */
const claim = `
  with claimed as (
    delete from outbox_new where id in (select id from outbox_new order by id limit $1 for update skip locked)
    returning id
  )
  select message, recipients from outbox join claimed using (id) order by id`;

/** What nobody awaits is done when it has been sent. */
const close = `delete from outbox where id = any($1::uuid[]) and awaited = '{}'`;

/**
 * Tells Redis of the next messages and says how many there were. That they are told commits after Redis has taken
 * them: a crash in between sends them twice, which the inbox bears, and never loses one.
 */
export function relayBatch(database: Database, queues: Queues, limit: number): Promise<number> {
  return database.transaction(async tx => {
    await forgettable(tx);
    const rows = await tx.query<Row>(claim, [limit]);
    if (rows.length === 0) return 0;
    crashPoint('relay.before-add');
    await queues.add(rows.flatMap(rings));
    crashPoint('relay.before-mark');
    const unawaited = rows.filter(({ message }) => acknowledgers(message.name).length === 0);
    if (unawaited.length > 0) await tx.query(close, [unawaited.map(({ message }) => message.id)]);
    return rows.length;
  });
}

const rings = ({ message, recipients }: Row): Ring[] =>
  recipients.map(to => ({ id: message.id, name: message.name, message, to }));

/** A mark that a power cut takes back is only made again, so nobody need wait for the disk. */
export const forgettable = (tx: Sql): Promise<unknown> => tx.query('set local synchronous_commit to off');
