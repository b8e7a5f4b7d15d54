import type { Act } from './act.js';

/** What a wallet does on a task. Later programs may know other roles. */
export const roles = { trainer: 0n, validator: 1n } as const;
export type Role = keyof typeof roles | bigint;

export interface Position {
  task: bigint;
  role: Role;
  /** The arena of validated tasks, unless said otherwise. */
  program?: bigint;
}

const place = ({ program = 0n, task, role }: Position) =>
  [program, task, typeof role === 'bigint' ? role : roles[role]] as const;

/** Stakes, delegations and the locks that they come from. Amounts are in wei. */
export const stakeCalls = (act: Act) => ({
  /** Locks tokens for gm tokens; `periods` are days, or what the deployment made of them. Gives the lock's id. */
  async lock({ amount, periods }: { amount: bigint; periods: bigint }) {
    const done = await act('escrow', 'lock', [amount, periods], { token: 'token', spender: 'escrow', amount });
    const changed = done.events.find(({ name }) => name === 'LockChanged');
    return { ...done, lock: changed?.args['lock'] as bigint };
  },
  unlock: ({ lock }: { lock: bigint }) => act('escrow', 'unlock', [lock]),
  stake: ({ amount, ...position }: Position & { amount: bigint }) =>
    act('staking', 'stake', [...place(position), amount], { token: 'escrow', spender: 'staking', amount }),
  unstake: ({ amount, ...position }: Position & { amount: bigint }) =>
    act('staking', 'unstake', [...place(position), amount]),
  delegate: ({ operator, amount, ...position }: Position & { operator: string; amount: bigint }) =>
    act('staking', 'delegate', [...place(position), operator, amount], { token: 'escrow', spender: 'staking', amount }),
  /** Begins the cool-down; `withdrawDelegation` takes what has cooled down. */
  undelegate: ({ operator, amount, ...position }: Position & { operator: string; amount: bigint }) =>
    act('staking', 'undelegate', [...place(position), operator, amount]),
  withdrawDelegation: ({ operator, ...position }: Position & { operator: string }) =>
    act('staking', 'withdrawDelegation', [...place(position), operator]),
  /** In parts per million; it counts after the cool-down. */
  setCut: ({ cutPpm, ...position }: Position & { cutPpm: bigint }) =>
    act('staking', 'setCut', [...place(position), cutPpm]),
});
