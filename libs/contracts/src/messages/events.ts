/**
 * Every event, once: who sends it, who may see it, what it says. Within one version only optional fields may be added;
 * whatever else changes is a new name (`.v2`).
 */
import type { z } from 'zod';
import type { ServiceName } from '../services.js';
import * as chain from './payloads/chain.js';
import * as identity from './payloads/identity.js';
import * as rewards from './payloads/rewards.js';
import * as submission from './payloads/submission.js';
import * as task from './payloads/task.js';
import * as webhook from './payloads/webhook.js';

/** `owner` names the field of the payload that holds the wallet it belongs to. */
type Audience =
  | { audience: 'public' | 'internal' }
  | { audience: 'owner' | 'owner+admin'; owner: 'account' | 'trainer' | 'validator' };

export type EventRow = Audience & { from: ServiceName; payload: z.ZodType };

const fromTasks = { from: 'task-service', audience: 'public' } as const;
const fromSubmissions = { from: 'submission-service' } as const;
const fromChain = { from: 'chain-indexer', audience: 'public' } as const;
const trainer = { audience: 'owner', owner: 'trainer' } as const;
const accused = { from: 'rewards-service', audience: 'owner+admin', owner: 'account' } as const;

export const events = {
  'task.opened.v1': { ...fromTasks, payload: task.TaskState },
  'task.extended.v1': { ...fromTasks, payload: task.TaskState },
  'task.paused.v1': { ...fromTasks, payload: task.TaskState },
  'task.resumed.v1': { ...fromTasks, payload: task.TaskState },
  'task.closed.v1': { ...fromTasks, payload: task.TaskState },
  'task.finalised.v1': { ...fromTasks, payload: task.TaskState },
  'task.cancelled.v1': { ...fromTasks, payload: task.TaskState },
  'dataset.released.v1': { from: 'task-service', audience: 'internal', payload: task.DatasetReleased },
  'key.changed.v1': { from: 'task-service', audience: 'internal', payload: identity.KeyState },
  'account.changed.v1': { from: 'task-service', audience: 'internal', payload: identity.AccountState },

  'submission.received.v1': { ...fromSubmissions, ...trainer, payload: submission.SubmissionReceived },
  'submission.accepted.v1': { ...fromSubmissions, ...trainer, payload: submission.SubmissionAccepted },
  'submission.rejected.v1': { ...fromSubmissions, ...trainer, payload: submission.SubmissionRejected },
  'submission.closed.v1': { ...fromSubmissions, audience: 'public', payload: submission.SubmissionClosed },
  'submission.disqualified.v1': { ...fromSubmissions, audience: 'public', payload: submission.SubmissionDisqualified },
  'assignment.waiting.v1': { ...fromSubmissions, audience: 'internal', payload: submission.AssignmentWaiting },
  'leaderboard.changed.v1': { ...fromSubmissions, audience: 'public', payload: submission.LeaderboardChanged },
  'ranking.snapshotted.v1': { ...fromSubmissions, audience: 'internal', payload: submission.RankingSnapshotted },
  'validator.flagged.v1': {
    ...fromSubmissions,
    audience: 'owner+admin',
    owner: 'validator',
    payload: submission.ValidatorFlagged,
  },

  'stake.changed.v1': { ...fromChain, payload: chain.StakeChanged },
  'stake.seen.v1': { from: 'chain-indexer', audience: 'internal', payload: chain.StakeSeen },
  'delegation.changed.v1': { ...fromChain, payload: chain.DelegationChanged },
  'lock.changed.v1': { ...fromChain, payload: chain.LockChanged },
  'task.registered.v1': { ...fromChain, payload: chain.TaskRegistered },
  'root.submitted.v1': { ...fromChain, payload: chain.RootSubmitted },
  'root.activated.v1': { ...fromChain, payload: chain.RootActivated },
  'root.disabled.v1': { ...fromChain, payload: chain.RootDisabled },
  'reward.claimed.v1': { ...fromChain, payload: chain.RewardClaimed },

  'epoch.settled.v1': { from: 'rewards-service', audience: 'public', payload: rewards.EpochSettled },
  'reward.claimable.v1': {
    from: 'rewards-service',
    audience: 'owner',
    owner: 'account',
    payload: rewards.RewardClaimable,
  },
  'case.opened.v1': { ...accused, payload: rewards.CaseOpened },
  'case.appealed.v1': { ...accused, payload: rewards.CaseAppealed },
  'case.decided.v1': { ...accused, payload: rewards.CaseDecided },

  'endpoint.disabled.v1': {
    from: 'webhook-service',
    audience: 'owner',
    owner: 'account',
    payload: webhook.EndpointDisabled,
  },
} as const satisfies Record<string, EventRow>;

export type EventName = keyof typeof events;
