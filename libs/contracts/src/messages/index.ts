export { commands, type CommandName } from './commands.js';
export { compatible } from './compatible.js';
export { Trace } from './envelope.js';
export { events, type EventName, type EventRow } from './events.js';
export { messageSchemas, type JsonSchema } from './json-schemas.js';
export {
  isMessageName,
  messageNames,
  messages,
  messageSchema,
  parseMessage,
  type Message,
  type MessageName,
  type MessageOf,
  type Payload,
  type PayloadInput,
} from './message.js';
export {
  kindOf,
  queueKinds,
  queueName,
  queueSettings,
  type QueueKind,
  type QueueName,
  type QueueSettings,
} from './queues.js';
export { acknowledgers, recipients, routedTo, routing } from './routing.js';
