import { expect, it } from 'vitest';
import { ownerOf } from './route.js';

it.each([
  ['/v1/tasks', 'task-service'],
  ['/v1/tasks/7/phases', 'task-service'],
  ['/v1/submissions', 'submission-service'],
  ['/v1/leaderboards/7', 'submission-service'],
  ['/v1/stats', 'rewards-service'],
  ['/v1/chain/lag', 'chain-indexer'],
  ['/v1/webhooks', 'webhook-service'],
  ['/fed-ledger/api/v1/tasks', 'submission-service'],
  ['/hub/models', 'submission-service'],
])('%s goes to %s', (path, service) => {
  expect(ownerOf(path)).toBe(service);
});

it.each(['/', '/v1', '/v1/', '/v1/nothing', '/v2/tasks', '/tasks', '/v1/constructor', '/constructor', '//v1/tasks'])(
  '%s goes to nobody',
  path => {
    expect(ownerOf(path)).toBeUndefined();
  },
);
