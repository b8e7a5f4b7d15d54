import { z } from 'zod';
import { Instant, Wei } from '../../http/shapes.js';
import { TaskNumber, Wallet } from '../../ids.js';
import { Bytes32, Epoch } from './shapes.js';

export const EpochSettled = z.object({
  epoch: Epoch,
  root: Bytes32,
  total: Wei,
  evidenceHash: Bytes32,
  uri: z.string(),
});

export const RewardClaimable = z.object({ account: Wallet, epoch: Epoch, amount: Wei, cumulative: Wei });

const Case = z.object({
  case: z.guid(),
  account: Wallet.meta({ description: 'The accused' }),
  task: TaskNumber.nullable(),
  evidenceHash: Bytes32,
});

export const CaseOpened = Case.extend({ accusation: z.string(), appealUntil: Instant });
export const CaseAppealed = Case.extend({ appealedAt: Instant });
export const CaseDecided = Case.extend({ outcome: z.enum(['dismissed', 'slashed']), slashed: Wei });
