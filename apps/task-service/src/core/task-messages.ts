// Which messages a step of a task's life sends. Nothing of a task is told before it opens: drafts are not public.
import type { Payload, TaskSpec, TaskNumber, Sha256, Purpose } from '@arena/contracts';
import type { z } from 'zod';
import { scheduleOf, type TaskStep } from './task.js';
import { instant } from './view.js';

const events = {
  opened: 'task.opened.v1',
  extended: 'task.extended.v1',
  paused: 'task.paused.v1',
  resumed: 'task.resumed.v1',
  closed: 'task.closed.v1',
  finalised: 'task.finalised.v1',
  cancelled: 'task.cancelled.v1',
} as const;
export type TaskEventName = (typeof events)[keyof typeof events];

export interface TaskFacts {
  task: TaskNumber;
  spec: TaskSpec;
  specHash: string;
  /** How many events were sent so far. */
  eventVersion: number;
}

export function eventOf(facts: TaskFacts, { what, state }: TaskStep, reason: string | null) {
  const name = events[what as keyof typeof events] as TaskEventName | undefined;
  if (name === undefined || (facts.eventVersion === 0 && what !== 'opened')) return undefined;
  const schedule = scheduleOf(state);
  const payload: Payload<'task.opened.v1'> = {
    task: facts.task,
    phase: state.phase,
    paused: 'pausedAt' in state && state.pausedAt !== null,
    schedule: schedule && {
      opensAt: instant(schedule.opensAt),
      closesAt: instant(schedule.closesAt),
      finalEndsAt: instant(schedule.finalEndsAt),
    },
    specHash: facts.specHash as Sha256,
    spec: facts.spec,
    rankingRoot: state.phase === 'finalised' ? state.rankingRoot : null,
    reason,
  };
  return { name, payload };
}

/** Hidden set B is not even known to the other services before submissions have closed. */
export function releasedBy({ what }: TaskStep): readonly z.output<typeof Purpose>[] {
  if (what === 'opened') return ['hidden-a', 'starter'];
  return what === 'closed' ? ['hidden-b'] : [];
}
