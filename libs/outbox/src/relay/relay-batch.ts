import type { Message, ServiceName } from '@arena/contracts';
import { crashPoint, type Database, type Sql } from '@arena/db';
import type { Queues, Ring } from './queues.js';

interface Row {
  message: Message;
  recipients: ServiceName[];
}

/** Rows that another relay holds are passed over, so several relays share the work. */
const claim = `
  update outbox set
    relayed_at = clock_timestamp(),
    closed_at = case when awaited = '{}' then clock_timestamp() end
  where seq in (
    select seq from outbox where relayed_at is null order by seq limit $1 for update skip locked
  )
  returning message, recipients`;

/**
 * Tells Redis of the next messages and marks them, and says how many there were. The mark commits after Redis has
 * taken them: a crash in between sends them twice, which the inbox bears, and never loses one.
 */
export function relayBatch(database: Database, queues: Queues, limit: number): Promise<number> {
  return database.transaction(async tx => {
    await forgettable(tx);
    const rows = await tx.query<Row>(claim, [limit]);
    if (rows.length === 0) return 0;
    crashPoint('relay.before-add');
    await queues.add(rows.flatMap(rings));
    crashPoint('relay.before-mark');
    return rows.length;
  });
}

export const rings = ({ message, recipients }: Row): Ring[] =>
  recipients.map(to => ({ id: message.id, name: message.name, message, to }));

/** A mark that a power cut takes back is only made again, so nobody need wait for the disk. */
export const forgettable = (tx: Sql): Promise<unknown> => tx.query('set local synchronous_commit to off');
