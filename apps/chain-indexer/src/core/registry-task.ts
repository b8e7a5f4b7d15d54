// What a task is in the registry, from everything that happened to it there, oldest first.
export type TaskChangeName =
  | 'created'
  | 'bounty-raised'
  | 'verified'
  | 'opened'
  | 'extended'
  | 'finalised'
  | 'cancelled'
  | 'bounty-paid'
  | 'bounty-refunded';

export interface RegistryChange {
  change: TaskChangeName;
  /** The creator, the giver of a raised bounty, or who was paid. */
  other: string | null;
  amount: string | null;
  bounty: string | null;
  specHash: string | null;
  rankingRoot: string | null;
  opensAt: Date | null;
  closesAt: Date | null;
  finalEndsAt: Date | null;
}

const statuses = ['created', 'verified', 'opened', 'finalised', 'cancelled'] as const;
type Status = (typeof statuses)[number];

export function registryTask(changes: readonly RegistryChange[]) {
  const last = <K extends keyof RegistryChange>(key: K) =>
    changes.findLast(change => change[key] !== null)?.[key] ?? null;
  const sum = (name: TaskChangeName) =>
    changes.reduce((all, { change, amount }) => (change === name ? all + BigInt(amount ?? 0) : all), 0n);
  const status = changes.findLast(({ change }) => statuses.includes(change as Status))?.change as Status | undefined;
  const [opensAt, closesAt, finalEndsAt] = [last('opensAt'), last('closesAt'), last('finalEndsAt')];
  return {
    status: status ?? 'created',
    creator: changes.find(({ change }) => change === 'created')?.other ?? null,
    bounty: last('bounty') ?? '0',
    bountyPaid: String(sum('bounty-paid')),
    bountyRefunded: String(sum('bounty-refunded')),
    specHash: last('specHash'),
    schedule: opensAt && closesAt && finalEndsAt ? { opensAt, closesAt, finalEndsAt } : null,
    rankingRoot: last('rankingRoot'),
  };
}
