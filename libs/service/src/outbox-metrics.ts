import { gauge, type Registry } from '@arena/observe';
import type { Relay } from '@arena/outbox';

/** What an operator watches: messages that are not acknowledged yet, how old the oldest is, and what is dead. */
export function outboxMetrics(registry: Registry, relay: Relay): void {
  gauge(registry, {
    name: 'outbox_open_messages',
    help: 'Messages sent and not yet acknowledged by everybody',
    collect: async () => (await relay.gauges()).open,
  });
  gauge(registry, {
    name: 'outbox_oldest_open_seconds',
    help: 'Age of the oldest of them',
    collect: async () => (await relay.gauges()).oldestOpenSeconds,
  });
  gauge(registry, {
    name: 'dead_letters',
    help: 'Messages that this service was sent and could not handle',
    collect: async () => (await relay.gauges()).deadLetters,
  });
}
