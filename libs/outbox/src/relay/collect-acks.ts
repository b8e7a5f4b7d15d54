import { crashPoint, type Database } from '@arena/db';
import { forgettable } from './relay-batch.js';

/**
 * Acknowledgements go from the bus to the row that awaits them, which is done when it awaits no other; with them goes
 * a dead letter that was overtaken by a success.
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
  ), closed as (
    delete from outbox o using heard h where o.id = h.message_id and o.awaited <@ h.subscribers
  ), shortened as (
    update outbox o set awaited = array(select unnest(o.awaited) except select unnest(h.subscribers))
    from heard h where o.id = h.message_id and not o.awaited <@ h.subscribers
  )
  select count(*)::int as taken from taken`;

/** One relay at a time: two that each took one of a row's last two acknowledgements would each leave it to the other. */
const alone = `select pg_try_advisory_xact_lock(hashtext('outbox.collect'), hashtext(current_schema())) as mine`;

export function collectAcks(database: Database, limit: number): Promise<number> {
  return database.transaction(async tx => {
    await forgettable(tx);
    const [lock] = await tx.query<{ mine: boolean }>(alone);
    if (!lock?.mine) return 0;
    const [row] = await tx.query<{ taken: number }>(collect, [limit]);
    crashPoint('collect.before-commit');
    return row?.taken ?? 0;
  });
}
