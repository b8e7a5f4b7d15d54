export { type DeadLetter, type DeadLetterFilter, keepDeadLetter, listDeadLetters, redrive } from './dead-letters.js';
export { outboxGauges, type OutboxGauges } from './gauges.js';
export { migrations } from './migrations.js';
export { newer } from './newer.js';
export { type Delivery, once, receive, type Received } from './once.js';
export { type Outgoing, publish } from './publish.js';
export { Queues, type QueuesOptions, type Ring } from './relay/queues.js';
export type { Retention } from './relay/prune.js';
export { type Relay, type RelayOptions, type RelayTiming, startRelay } from './relay/start-relay.js';
