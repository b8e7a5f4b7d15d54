import {
  acknowledgers,
  type CommandName,
  type Message,
  type MessageName,
  messageSchema,
  type PayloadInput,
  recipients,
} from '@arena/contracts';
import { send, type Sql, uuidV7 } from '@arena/db';
import { context, propagation } from '@opentelemetry/api';

/** What a service says; the rest of the envelope is written here. */
export type Outgoing<N extends MessageName = MessageName> = N extends MessageName
  ? {
      readonly name: N;
      readonly entity: string;
      readonly payload: PayloadInput<N>;
      /** Now, when left out. */
      readonly occurredAt?: Date;
    } & (N extends CommandName ? { readonly entityVersion?: number } : { readonly entityVersion: number })
  : never;

/** A relay that is awake looks by itself; see `relay/watchful.ts` for why it is not simply always notified. */
const notify = `
  select pg_notify('outbox_' || current_schema(), '')::text
  from outbox_relay where awake_until < clock_timestamp()`;

/** Of a shape of its own, because most transactions send one message, and this is half as dear as the other. */
const insertOne = `
  with written as (
    insert into outbox (id, message, recipients, awaited) values ($1, $2, $3, $4)
  ), announced as (
    insert into outbox_new (id) values ($1)
  ) ${notify}`;

const insertMany = `
  with given as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as given (id, message, recipients, awaited)
  ), written as (
    insert into outbox (id, message, recipients, awaited)
    select id, message::json, string_to_array(recipients, ','), string_to_array(awaited, ',') from given
  ), announced as (
    insert into outbox_new (id) select id from given
  ) ${notify}`;

/**
 * Sends messages by the transaction that they tell of: they leave if it commits, and only then. All in one statement.
 * A payload of the wrong shape throws here, before anything is written.
 */
export async function publish(tx: Sql, outgoing: Outgoing | readonly Outgoing[]): Promise<Message[]> {
  const list: readonly Outgoing[] = Array.isArray(outgoing) ? outgoing : [outgoing as Outgoing];
  if (list.length === 0) return [];
  const trace = currentTrace();
  const messages = list.map(one => seal(one, trace));
  const [statement, values] = messages.length === 1 ? one(messages[0] as Message) : many(messages);
  await send(tx, statement, values);
  return messages;
}

type Statement = readonly [text: string, values: readonly unknown[]];

const one = (message: Message): Statement => [
  insertOne,
  [message.id, JSON.stringify(message), recipients(message.name), acknowledgers(message.name)],
];

const many = (messages: readonly Message[]): Statement => [
  insertMany,
  [
    messages.map(message => message.id),
    messages.map(message => JSON.stringify(message)),
    messages.map(message => recipients(message.name).join()),
    messages.map(message => acknowledgers(message.name).join()),
  ],
];

function seal(outgoing: Outgoing, trace: Message['trace']): Message {
  const { name, entity, entityVersion = 1, payload, occurredAt = new Date() } = outgoing;
  const envelope = { id: uuidV7(), name, entity, entityVersion, occurredAt: occurredAt.toISOString(), payload };
  return messageSchema(name).parse(trace ? { ...envelope, trace } : envelope) as Message;
}

/** The trace that is under way, in W3C form; nothing while no telemetry is set up. */
function currentTrace(): Message['trace'] {
  const carrier: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent === undefined ? undefined : { ...carrier, traceparent: carrier.traceparent };
}
