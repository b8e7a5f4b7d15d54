import { z } from 'zod';
import { commands } from './commands.js';
import { envelope, type Trace } from './envelope.js';
import { events } from './events.js';

export const messages = { ...events, ...commands };
export type MessageName = keyof typeof messages;
export const messageNames = Object.keys(messages) as MessageName[];
export const isMessageName = (name: string): name is MessageName => Object.hasOwn(messages, name);

export type Payload<N extends MessageName> = z.output<(typeof messages)[N]['payload']>;
export type PayloadInput<N extends MessageName> = z.input<(typeof messages)[N]['payload']>;

export interface MessageOf<N extends MessageName> {
  readonly id: string;
  readonly name: N;
  readonly entity: string;
  readonly entityVersion: number;
  readonly occurredAt: string;
  readonly payload: Payload<N>;
  readonly trace?: Trace | undefined;
}

/** Distributes: a switch on `name` knows the payload. */
export type Message<N extends MessageName = MessageName> = N extends MessageName ? MessageOf<N> : never;

const schemas = new Map<string, z.ZodType>();

/** The whole message as it travels: envelope and payload. */
export function messageSchema<N extends MessageName>(name: N): z.ZodType<MessageOf<N>> {
  let schema = schemas.get(name);
  if (!schema) {
    schema = z.object({ ...envelope, name: z.literal(name), payload: messages[name].payload });
    schemas.set(name, schema);
  }
  return schema as z.ZodType<MessageOf<N>>;
}

const Named = z.object({ name: z.enum(messageNames as [MessageName, ...MessageName[]]) });

/** Parses what came off a wire; throws a ZodError that says what is wrong with it. */
export function parseMessage(raw: unknown): Message {
  return messageSchema(Named.parse(raw).name).parse(raw) as Message;
}
