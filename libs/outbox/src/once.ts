import type { Message, ServiceName } from '@arena/contracts';
import { crashPoint, type Sql } from '@arena/db';

export interface Delivery {
  readonly message: Message;
  readonly subscriber: ServiceName;
}

/**
 * The acknowledgement is written with the inbox row and never again: the sender takes it away when it has read it,
 * and a duplicate that came later would leave one behind that nobody reads.
 */
const enter = `
  with entered as (
    insert into inbox (message_id) values ($1) on conflict do nothing returning message_id
  ), acked as (
    insert into bus.acks (message_id, subscriber) select message_id, $2 from entered
  )
  select true as entered from entered`;

/**
 * The effect of a message, exactly once, however often it is delivered: inbox row, acknowledgement and effect are one
 * transaction. Of two deliveries at once the second waits for the first to commit, or takes its place if it fails.
 */
export async function once(tx: Sql, delivery: Delivery, effect: () => Promise<unknown>): Promise<'done' | 'duplicate'> {
  const [row] = await tx.query<{ entered: true }>(enter, [delivery.message.id, delivery.subscriber]);
  if (!row) return 'duplicate';
  crashPoint('inbox.before-effect');
  await effect();
  crashPoint('inbox.before-commit');
  return 'done';
}
