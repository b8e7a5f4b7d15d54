import { routedTo } from '@arena/contracts';
import { expect, it } from 'vitest';
import { handlerFaults, type HandlerCount } from './check-handlers.js';

const service = 'chain-indexer';
const complete: HandlerCount[] = routedTo(service).map(pattern => ({ pattern, count: 1, event: true }));

it('lets a service start that handles each message routed to it once', () => {
  expect(handlerFaults(service, complete)).toEqual([]);
});

it('names a message that is routed here but has no handler', () => {
  const [first, ...rest] = complete;
  expect(handlerFaults(service, rest)).toEqual([
    expect.stringContaining(`no handler for ${first?.pattern}: add @EventPattern`),
  ]);
});

it('names a message with two handlers', () => {
  const doubled = complete.map((handler, i) => (i === 0 ? { ...handler, count: 2 } : handler));
  expect(handlerFaults(service, doubled)).toEqual([expect.stringContaining('2 handlers for')]);
});

it('names a handler for a message that is not routed here, and for one that does not exist', () => {
  const extra = [
    ...complete,
    { pattern: 'task.opened.v1', count: 1, event: true },
    { pattern: 'no.such', count: 1, event: true },
  ];
  expect(handlerFaults(service, extra)).toEqual([
    expect.stringContaining(`nobody routes to chain-indexer: add 'chain-indexer' to its row`),
    expect.stringContaining('no.such, which is no message'),
  ]);
});

it('refuses a handler that would wait for an answer', () => {
  const asking = complete.map((handler, i) => (i === 0 ? { ...handler, event: false } : handler));
  expect(handlerFaults(service, asking)).toEqual([expect.stringContaining('must be an @EventPattern')]);
});
