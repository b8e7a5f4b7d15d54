import type { Act } from './act.js';

export interface Claim {
  account: string;
  cumulative: bigint;
  proof: readonly string[];
}

export interface Root {
  epoch: bigint;
  root: string;
  total: bigint;
  evidenceHash: string;
  uri: string;
}

/** Claims by anybody, roots by those who settle, and tokens for a pot. */
export const rewardCalls = (act: Act) => ({
  async claim({ account, cumulative, proof }: Claim) {
    const done = await act('distributor', 'claim', [account, cumulative, proof]);
    const claimed = done.events.find(({ name }) => name === 'Claimed');
    return { ...done, paid: (claimed?.args['amount'] as bigint | undefined) ?? 0n };
  },
  claimMany: ({ claims }: { claims: readonly Claim[] }) =>
    act('distributor', 'claimMany', [
      claims.map(({ account }) => account),
      claims.map(({ cumulative }) => cumulative),
      claims.map(({ proof }) => proof),
    ]),
  activateRoot: () => act('distributor', 'activate', []),
  submitRoot: ({ epoch, root, total, evidenceHash, uri }: Root) =>
    act('distributor', 'submitRoot', [epoch, root, total, evidenceHash, uri]),
  disableRoot: ({ epoch }: { epoch: bigint }) => act('distributor', 'disableRoot', [epoch]),
  /** For the pot of a task, or, with task 0, for the arena. */
  fund: ({ task, amount }: { task: bigint; amount: bigint }) =>
    act('distributor', 'fund', [task, amount], { token: 'token', spender: 'distributor', amount }),
});
