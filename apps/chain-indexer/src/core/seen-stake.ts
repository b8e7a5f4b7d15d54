// What is said of a stake that can still be undone.
import type { PayloadInput } from '@arena/contracts';
import { roles } from './announcement.js';
import type { Outlook } from './outlook.js';

/** What an account has on a task as of our head, and the block of the change that made it so. */
export interface SeenStake {
  readonly program: number;
  readonly task: number;
  readonly role: number;
  readonly account: string;
  readonly total: string;
  readonly version: number;
  readonly block: number;
  readonly hash: string;
  readonly at: Date;
}

export interface SeenMessage {
  readonly name: 'stake.seen.v1';
  readonly entity: string;
  readonly entityVersion: number;
  readonly payload: PayloadInput<'stake.seen.v1'>;
}

export function seenMessage(seen: SeenStake, outlook: Outlook): SeenMessage {
  const { program, task, account, total, block } = seen;
  const role = roles[seen.role];
  if (!role) throw new RangeError(`role ${seen.role} of program ${program} has no name`);
  return {
    name: 'stake.seen.v1',
    entity: `seen-stake:${program}:${task}:${role}:${account}`,
    entityVersion: seen.version,
    payload: {
      ...{ program, task, role, account, total },
      ...{ block, blockHash: seen.hash, blockTime: seen.at.toISOString() },
      expectedFinalAt: outlook.expectedFinalAt(block).toISOString(),
    },
  };
}
