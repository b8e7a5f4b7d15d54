import type { Wallet } from '@arena/contracts';
import { scheduleOf, type Schedule } from '../core/task.js';
import { instant } from '../core/view.js';
import type { Side } from '@arena/stakes';
import type { Participants } from '../store/participants.js';
import type { listChanges, StoredTask } from '../store/tasks.js';

type ChangeRow = Awaited<ReturnType<typeof listChanges>>[number];
export interface Times {
  opensAt: string;
  closesAt: string;
  finalEndsAt: string;
}

export const scheduleFrom = ({ opensAt, closesAt, finalEndsAt }: Times): Schedule => ({
  opensAt: new Date(opensAt),
  closesAt: new Date(closesAt),
  finalEndsAt: new Date(finalEndsAt),
});

const times = ({ opensAt, closesAt, finalEndsAt }: Schedule): Times => ({
  opensAt: instant(opensAt),
  closesAt: instant(closesAt),
  finalEndsAt: instant(finalEndsAt),
});

export function toSummary({ task, spec, specHash, state, createdAt, updatedAt }: StoredTask) {
  const schedule = scheduleOf(state);
  return {
    task,
    title: spec.title,
    summary: spec.summary,
    kind: spec.kind,
    phase: state.phase,
    paused: 'pausedAt' in state && state.pausedAt !== null,
    schedule: schedule && times(schedule),
    specHash,
    createdAt: instant(createdAt),
    updatedAt: instant(updatedAt),
  };
}

const onChain = ({ chain }: StoredTask) =>
  chain && {
    status: chain.status,
    creator: chain.creator as Wallet,
    bounty: chain.bounty,
    transaction: chain.transaction,
    block: chain.block,
    conflict: chain.conflict,
  };

export const toTask = (stored: StoredTask) => ({
  ...toSummary(stored),
  spec: stored.spec,
  rankingRoot: stored.state.phase === 'finalised' ? stored.state.rankingRoot : null,
  cancelledFor: stored.state.phase === 'cancelled' ? stored.state.reason : null,
  onChain: onChain(stored),
});

export function toChange({ at, what, phase, reason, opensAt, closesAt, finalEndsAt }: ChangeRow) {
  const schedule = opensAt && closesAt && finalEndsAt ? times({ opensAt, closesAt, finalEndsAt }) : null;
  return { at: instant(at), what: what as 'created', phase: phase as 'draft', reason, schedule };
}

const toSide = ({ accounts, own, delegated, effective }: Side) => ({
  accounts,
  own: String(own),
  delegated: String(delegated),
  effective: String(effective),
});
export const toParticipants = ({ trainers, validators }: Participants) => ({
  trainers: toSide(trainers),
  validators: toSide(validators),
});
