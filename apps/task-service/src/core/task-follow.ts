// (task here, what the chain says) → the steps that bring it there, and in words what keeps it from there, if anything.
// What the chain says cannot be refused: whatever does not fit is a conflict, shown and tried again.
import { isCommitted, type ChainView, type Opening } from './task-chain.js';
import { byClock, decide, scheduleOf, type Schedule, type TaskState, type TaskStep } from './task.js';

export interface Here {
  state: TaskState;
  specHash: string;
  /** What keeps the datasets of the spec from being used. Asked of drafts only. */
  datasetFaults: readonly string[];
}

export interface Followed {
  steps: TaskStep[];
  conflict: string | null;
}

export function follow(here: Here, chain: ChainView, now: Date): Followed {
  const { state } = here;
  if (state.phase === 'cancelled') return chain.status === 'cancelled' ? agreed() : conflict(ended(state, chain));
  if (state.phase === 'finalised') {
    if (chain.status !== 'finalised' || chain.rankingRoot !== state.rankingRoot) return conflict(ended(state, chain));
    return isCommitted(chain.opening, here.specHash) ? agreed() : conflict(otherSpec(here, chain.opening));
  }
  switch (chain.status) {
    case 'created':
    case 'verified':
      return unopened(here, chain);
    case 'opened':
      return opened(here, chain.opening, now);
    case 'finalised':
      return finalised(here, chain.opening, chain.rankingRoot, now);
    case 'cancelled':
      return agreed([
        {
          what: 'cancelled',
          state: { phase: 'cancelled', schedule: scheduleOf(state), reason: 'Cancelled on chain' },
        },
      ]);
  }
}

function unopened(here: Here, chain: ChainView): Followed {
  const { state } = here;
  if (state.phase === 'draft') return chain.status === 'verified' ? verified(here) : agreed();
  if (state.phase !== 'verified') return conflict(`It is ${chain.status} on chain, and was opened here before that`);
  // Times that were set here before the task was on chain do not count there.
  return state.schedule ? agreed([{ what: 'verified', state: { phase: 'verified', schedule: null } }]) : agreed();
}

function verified({ datasetFaults }: Here): Followed {
  return datasetFaults.length === 0
    ? agreed([{ what: 'verified', state: { phase: 'verified', schedule: null } }])
    : conflict(`It is verified on chain, but its datasets do not fit: ${datasetFaults.join('; ')}`);
}

function opened(here: Here, opening: Opening, now: Date): Followed {
  if (!isCommitted(opening, here.specHash)) return conflict(otherSpec(here, opening));
  if (here.state.phase === 'draft') {
    const before = verified(here);
    return before.conflict ? before : then(before.steps, state => opened({ ...here, state }, opening, now));
  }
  const { schedule } = opening;
  const late = here.state.phase === 'final' && schedule.closesAt > now;
  return {
    steps: adopt(here.state, schedule, now),
    conflict: late ? 'It was extended on chain after submissions had closed here; they stay closed' : null,
  };
}

/** The times of the chain, to the second, also when they have passed; then the clock catches up. */
function adopt(state: TaskState, schedule: Schedule, now: Date): TaskStep[] {
  const current = scheduleOf(state);
  const steps: TaskStep[] = [];
  if (!current || !same(current, schedule)) {
    if (state.phase === 'verified') steps.push({ what: 'scheduled', state: { phase: 'verified', schedule } });
    if (state.phase === 'submission' || state.phase === 'final')
      steps.push({ what: 'extended', state: { ...state, schedule } });
  }
  return [...steps, ...decide(steps.at(-1)?.state ?? state, { do: 'tick' }, now)];
}

/** The chain's clock may be ahead of ours, and a pause of ours stops nothing there: every step up to the end is taken. */
function finalised(here: Here, opening: Opening, rankingRoot: string, now: Date): Followed {
  const before = opened(here, opening, now);
  const steps = [...before.steps];
  const reached = () => steps.at(-1)?.state ?? here.state;
  if (before.conflict === null) for (let step = byClock(reached()); step; step = byClock(reached())) steps.push(step);
  steps.push({ what: 'finalised', state: { phase: 'finalised', schedule: opening.schedule, rankingRoot } });
  return { steps, conflict: before.conflict };
}

const agreed = (steps: TaskStep[] = []): Followed => ({ steps, conflict: null });
const conflict = (words: string): Followed => ({ steps: [], conflict: words });
const otherSpec = (here: Here, opening: Opening) =>
  `It was opened on chain with the spec ${opening.specHash}, but the spec here is 0x${here.specHash}`;
const ended = (state: TaskState, { status }: ChainView) => `It is ${state.phase} here, and ${status} on chain`;

function then(steps: TaskStep[], next: (state: TaskState) => Followed): Followed {
  const last = steps.at(-1);
  if (!last) return agreed(steps);
  const after = next(last.state);
  return { steps: [...steps, ...after.steps], conflict: after.conflict };
}

const same = (a: Schedule, b: Schedule): boolean =>
  (['opensAt', 'closesAt', 'finalEndsAt'] as const).every(key => a[key].getTime() === b[key].getTime());
