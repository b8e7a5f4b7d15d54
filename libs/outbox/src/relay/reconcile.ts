import type { Message, ServiceName } from '@arena/contracts';
import { crashPoint, type Database } from '@arena/db';
import type { Queues } from './queues.js';
import { forgettable, rings } from './relay-batch.js';

interface Row {
  message: Message;
  recipients: ServiceName[];
}

/** Open rows that were not looked after for a while; what is dead is left to a person. */
const overdue = `
  with due as (
    update outbox set checked_at = clock_timestamp()
    where id in (
      select id from outbox
      where closed_at is null and checked_at < clock_timestamp() - $1 * interval '1 millisecond'
      order by checked_at limit $2 for update skip locked
    )
    returning id, message, awaited
  )
  select message, array(
    select subscriber from unnest(awaited) as subscriber where not exists (
      select from bus.dead_letters d where d.message_id = due.id and d.subscriber = subscriber)
    and not exists (
      select from bus.acks a where a.message_id = due.id and a.subscriber = subscriber)
  ) as recipients
  from due`;

export interface Reconciled {
  readonly examined: number;
  readonly restored: number;
}

/** Postgres is the truth: whatever Redis should know of and does not, it is told again. */
export function reconcile(database: Database, queues: Queues, ageMs: number, limit: number): Promise<Reconciled> {
  return database.transaction(async tx => {
    await forgettable(tx);
    const rows = await tx.query<Row>(overdue, [ageMs, limit]);
    const lost = rows.length === 0 ? [] : await queues.absent(rows.flatMap(rings));
    crashPoint('reconcile.before-add');
    if (lost.length > 0) await queues.add(lost);
    return { examined: rows.length, restored: lost.length };
  });
}
