import type { Act } from './act.js';
import { roles, type Position } from './stakes.js';

export interface NewCase extends Position {
  caseId: string;
  account: string;
  /** Of the account's own stake, and of what is delegated to it, in parts per million. */
  ppm: bigint;
  delegationPpm?: bigint;
  evidenceHash: string;
  reporter: string;
}

export interface CaseId {
  caseId: string;
}

/** By a case officer; a case that has expired is dismissed by anybody. */
export const caseCalls = (act: Act) => ({
  openCase({ caseId, program = 0n, role, task, account, ppm, delegationPpm = 0n, evidenceHash, reporter }: NewCase) {
    const position = { program, task, role: typeof role === 'bigint' ? role : roles[role] };
    return act('staking', 'openCase', [caseId, position, account, ppm, delegationPpm, evidenceHash, reporter]);
  },
  dismissCase: ({ caseId }: CaseId) => act('staking', 'dismissCase', [caseId]),
  slash: ({ caseId }: CaseId) => act('staking', 'slash', [caseId]),
  slashDelegators: ({ caseId, delegators }: CaseId & { delegators: readonly string[] }) =>
    act('staking', 'slashDelegators', [caseId, delegators]),
});
