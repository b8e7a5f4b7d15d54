import type { Message, ServiceName } from '@arena/contracts';
import { crashPoint, type Database, type Sql, sqlState } from '@arena/db';

export interface Delivery {
  readonly message: Message;
  readonly subscriber: ServiceName;
}

export type Received = 'done' | 'duplicate';

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

const enterOrFail = `
  with acked as (
    insert into bus.acks (message_id, subscriber) values ($1, $2)
  )
  insert into inbox (message_id) values ($1)`;

/**
 * The effect of a message, exactly once, however often it is delivered: inbox row, acknowledgement and effect are one
 * transaction. Of two deliveries at once the second waits for the first to commit, or takes its place if it fails.
 */
export async function once(tx: Sql, delivery: Delivery, effect: () => Promise<unknown>): Promise<Received> {
  const [entered] = await tx.query(enter, [delivery.message.id, delivery.subscriber]);
  if (!entered) return 'duplicate';
  crashPoint('inbox.before-effect');
  await effect();
  crashPoint('inbox.before-commit');
  return 'done';
}

/**
 * `once` in a transaction of its own: what a handler mostly is. Where statements can be deferred, entering the inbox
 * travels with the effect and fails it if the message was here before: the effect of a duplicate is begun and undone.
 */
export async function receive<Tx extends Sql>(
  database: Database<Tx>,
  delivery: Delivery,
  effect: (tx: Tx) => Promise<unknown>,
): Promise<Received> {
  try {
    return await database.transaction(async tx => {
      if (!tx.defer) return once(tx, delivery, () => effect(tx));
      tx.defer(enterOrFail, [delivery.message.id, delivery.subscriber]);
      crashPoint('inbox.before-effect');
      await effect(tx);
      crashPoint('inbox.before-commit');
      return 'done';
    });
  } catch (error) {
    if (wasHereBefore(error)) return 'duplicate';
    throw error;
  }
}

/** Either row tells: the acknowledgement of a duplicate may not have been read yet. */
const wasHereBefore = (error: unknown): boolean =>
  sqlState(error) === '23505' &&
  ['inbox_pkey', 'acks_pkey'].includes((error as { constraint?: string }).constraint ?? '');
