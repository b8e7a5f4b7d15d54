import type { Act } from './act.js';

export interface TaskNumber {
  task: bigint;
}

/** Unix seconds. */
export interface Times {
  opensAt: bigint;
  closesAt: bigint;
  finalEndsAt: bigint;
}

const bounty = (amount: bigint) => ({ token: 'token', spender: 'registry', amount }) as const;

/** What makes and moves a task: by a task admin, unless said otherwise. */
export const taskCalls = (act: Act) => ({
  createTask: ({ task, bounty: amount = 0n }: TaskNumber & { bounty?: bigint }) =>
    act('registry', 'create', [task, amount], bounty(amount)),
  /** By the one who created it. */
  raiseBounty: ({ task, amount }: TaskNumber & { amount: bigint }) =>
    act('registry', 'raiseBounty', [task, amount], bounty(amount)),
  verifyTask: ({ task }: TaskNumber) => act('registry', 'verify', [task]),
  openTask: ({ task, specHash, opensAt, closesAt, finalEndsAt }: TaskNumber & Times & { specHash: string }) =>
    act('registry', 'open', [task, specHash, opensAt, closesAt, finalEndsAt]),
  extendTask: ({ task, closesAt, finalEndsAt }: TaskNumber & Omit<Times, 'opensAt'>) =>
    act('registry', 'extend', [task, closesAt, finalEndsAt]),
  /** By a finaliser; a zero root says that nobody was ranked. */
  finaliseTask: ({ task, rankingRoot }: TaskNumber & { rankingRoot: string }) =>
    act('registry', 'finalise', [task, rankingRoot]),
  cancelTask: ({ task }: TaskNumber) => act('registry', 'cancel', [task]),
  /** By anybody, once nobody has finalised it for too long. */
  cancelAbandonedTask: ({ task }: TaskNumber) => act('registry', 'cancelAbandoned', [task]),
});
