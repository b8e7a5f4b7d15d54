/**
 * Who gets what. `to` names those with a handler today: a service that is routed a message and cannot handle it does not
 * start. `planned` names those for which the design has one; it moves to `to` together with the handler.
 */
import { services, type ServiceName } from '../services.js';
import { isMessageName, messageNames, type MessageName } from './message.js';

interface Route {
  readonly to: readonly ServiceName[];
  readonly planned?: readonly ServiceName[];
}

const identity = { to: ['submission-service', 'rewards-service', 'chain-indexer', 'webhook-service'] } as const;
const taskState = { to: ['submission-service'], planned: ['rewards-service', 'webhook-service'] } as const;
const stakes = { to: ['task-service', 'submission-service'], planned: ['rewards-service', 'webhook-service'] } as const;
const toWebhooks = { to: [], planned: ['webhook-service'] } as const;

export const routing = {
  'task.opened.v1': taskState,
  'task.extended.v1': taskState,
  'task.paused.v1': taskState,
  'task.resumed.v1': taskState,
  'task.closed.v1': taskState,
  'task.finalised.v1': taskState,
  'task.cancelled.v1': taskState,
  'dataset.released.v1': { to: ['submission-service'] },
  'key.changed.v1': identity,
  'account.changed.v1': identity,

  'submission.received.v1': toWebhooks,
  'submission.accepted.v1': toWebhooks,
  'submission.rejected.v1': toWebhooks,
  'submission.closed.v1': toWebhooks,
  'submission.disqualified.v1': toWebhooks,
  'assignment.waiting.v1': { to: [], planned: ['validation-worker'] },
  'leaderboard.changed.v1': toWebhooks,
  'ranking.snapshotted.v1': { to: [], planned: ['rewards-service'] },
  'validator.flagged.v1': { to: [], planned: ['rewards-service', 'webhook-service'] },

  'stake.changed.v1': stakes,
  'stake.seen.v1': { to: ['submission-service'] },
  'delegation.changed.v1': stakes,
  'lock.changed.v1': toWebhooks,
  'task.registered.v1': { to: ['task-service'], planned: ['webhook-service'] },
  'root.submitted.v1': { to: [], planned: ['rewards-service', 'webhook-service'] },
  'root.activated.v1': { to: [], planned: ['rewards-service', 'webhook-service'] },
  'root.disabled.v1': { to: [], planned: ['rewards-service', 'webhook-service'] },
  'reward.claimed.v1': { to: [], planned: ['rewards-service', 'webhook-service'] },

  'epoch.settled.v1': toWebhooks,
  'reward.claimable.v1': toWebhooks,
  'case.opened.v1': toWebhooks,
  'case.appealed.v1': toWebhooks,
  'case.decided.v1': { to: [], planned: ['submission-service', 'webhook-service'] },
  'endpoint.disabled.v1': toWebhooks,

  'audit.record.v1': { to: ['task-service'] },
  'key.used.v1': { to: ['task-service'] },
  'webhook.deliver.v1': { to: [], planned: ['webhook-service'] },
} as const satisfies Record<MessageName, Route>;

export const recipients = (name: string): readonly ServiceName[] => (isMessageName(name) ? routing[name].to : []);

/** Those whose acknowledgement is waited for. A service without a database is only rung for, and cannot acknowledge. */
export const acknowledgers = (name: string): readonly ServiceName[] =>
  recipients(name).filter(service => services[service].schema !== null);

export const routedTo = (service: ServiceName): MessageName[] =>
  messageNames.filter(name => recipients(name).includes(service));
