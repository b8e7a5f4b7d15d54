// The services of the arena, as data: who answers which first path segment, who owns which database schema.

export const services = {
  'task-service': { schema: 'tasks', segments: ['auth', 'accounts', 'keys', 'tasks', 'datasets', 'audit'] },
  'submission-service': {
    schema: 'submissions',
    segments: ['submissions', 'uploads', 'assignments', 'leaderboards', 'validators', 'fed-ledger', 'hub'],
  },
  'rewards-service': {
    schema: 'rewards',
    segments: ['epochs', 'statements', 'claims', 'pools', 'cases', 'stats', 'faucet'],
  },
  'chain-indexer': { schema: 'chain', segments: ['chain'] },
  'webhook-service': { schema: 'webhooks', segments: ['webhooks'] },
  'validation-worker': { schema: null, segments: [] },
} as const satisfies Record<string, { schema: string | null; segments: readonly string[] }>;

export type ServiceName = keyof typeof services;
export const serviceNames = Object.keys(services) as ServiceName[];
