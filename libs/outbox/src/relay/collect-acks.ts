import { crashPoint, type Database } from '@arena/db';
import { forgettable } from './relay-batch.js';

/**
 * Acknowledgements go from the bus into the row that awaits them, and with them a dead letter that was overtaken by a
 * success. A row that awaits nobody any more is closed.
 */
const collect = `
  with found as (
    select a.message_id, a.subscriber from bus.acks a join outbox o on o.id = a.message_id limit $1
  ), taken as (
    delete from bus.acks a using found f
    where a.message_id = f.message_id and a.subscriber = f.subscriber
    returning a.message_id, a.subscriber
  ), outlived as (
    delete from bus.dead_letters d using found f
    where d.message_id = f.message_id and d.subscriber = f.subscriber
  ), heard as (
    select message_id, array_agg(subscriber) as subscribers from taken group by message_id
  ), updated as (
    update outbox o set
      awaited = array(select unnest(o.awaited) except select unnest(h.subscribers)),
      closed_at = case when o.awaited <@ h.subscribers then clock_timestamp() end
    from heard h where o.id = h.message_id
  )
  select count(*)::int as taken from taken`;

export function collectAcks(database: Database, limit: number): Promise<number> {
  return database.transaction(async tx => {
    await forgettable(tx);
    const [row] = await tx.query<{ taken: number }>(collect, [limit]);
    crashPoint('collect.before-commit');
    return row?.taken ?? 0;
  });
}
