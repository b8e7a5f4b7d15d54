import { gauge, type Registry } from '@arena/observe';
import type { SubmissionDatabase } from '../../store/database.js';
import { backlogOf } from '../../store/intake.js';
import type { Meter } from './parts.js';

/** What an operator watches: the backlog and its age, and that nothing crashes. */
export function intakeMetrics(registry: Registry, { read }: SubmissionDatabase): Meter {
  const steps = new Map<string, { count: number; seconds: number }>();
  let crashes = 0;
  const byStep = (name: string, help: string, value: (of: { count: number; seconds: number }) => number) =>
    gauge(registry, {
      name,
      help,
      labels: ['step'],
      collect: () => [...steps].map(([step, of]) => ({ labels: { step }, value: value(of) })),
    });

  byStep('intake_seconds', 'Spent on a step since the start of the process', ({ seconds }) => seconds);
  byStep('intake_steps', 'Times that a step was taken since the start of the process', ({ count }) => count);
  gauge(registry, {
    name: 'intake_crashes',
    help: 'Times that the process which reads models died over one, since the start of this one',
    collect: () => crashes,
  });
  gauge(registry, {
    name: 'intake_backlog',
    help: 'Completed uploads that intake has not settled yet, and how many of them somebody has in hand',
    labels: ['state'],
    collect: async () => {
      const { jobs, inHand } = await backlogOf(read);
      return [
        { labels: { state: 'in-hand' }, value: inHand },
        { labels: { state: 'waiting' }, value: jobs - inHand },
      ];
    },
  });
  gauge(registry, {
    name: 'intake_overdue_seconds',
    help: 'How long the job that waits longest could have been taken up',
    collect: async () => (await backlogOf(read)).overdueSeconds,
  });

  return {
    spent: (step, seconds) => {
      const { count, seconds: before } = steps.get(step) ?? { count: 0, seconds: 0 };
      steps.set(step, { count: count + 1, seconds: before + seconds });
    },
    crashed: () => void (crashes += 1),
  };
}
