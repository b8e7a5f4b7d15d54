import { sumOfStakes, type Side } from '@arena/stakes';
import type { Tx } from './database.js';
import { findTask } from './tasks.js';

export interface Participants {
  trainers: Side;
  validators: Side;
}

/** By the terms of the task's spec. */
export async function findParticipants(tx: Tx, task: number): Promise<Participants> {
  const stored = await findTask(tx, task);
  if (!stored) throw new Error(`task ${task} is gone`);
  const { rewards, stakes } = stored.spec;
  const [trainers, validators] = await Promise.all([
    sumOfStakes(tx, task, 'trainer', { ...rewards, minimum: BigInt(stakes.trainerMinimum) }),
    sumOfStakes(tx, task, 'validator', { ...rewards, minimum: BigInt(stakes.validatorMinimum) }),
  ]);
  return { trainers, validators };
}
