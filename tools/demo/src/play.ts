import { createClient } from '@arena/sdk';
import { createContext, type Context } from './context.js';
import type { Narrator } from './narration/narrator.js';
import { steps } from './steps/index.js';

export interface Summary {
  ok: true;
  task: number;
  phase: string;
  specHash: string;
  accounts: number;
  keys: number;
  datasets: number;
  submissions: number;
  auditEntries: number;
  seconds: number;
  steps: { name: string; ms: number }[];
}

/** Plays every step in order; the first failure ends it. */
export async function play(origin: string, say: Narrator, signal: AbortSignal): Promise<Summary> {
  const startedAt = new Date();
  const context = createContext({ client: createClient({ origin }), say, signal, startedAt });
  const timed: Summary['steps'] = [];
  try {
    for (const [index, step] of steps.entries()) {
      say.step(index + 1, steps.length, step.title);
      const from = performance.now();
      await step.run(context);
      timed.push({ name: step.name, ms: Math.round(performance.now() - from) });
    }
    return summarise(context, timed);
  } finally {
    context.known('chain')?.close();
  }
}

function summarise({ fact, startedAt }: Context, timed: Summary['steps']): Summary {
  const { task, phase, specHash } = fact('task');
  return {
    ok: true,
    task,
    phase,
    specHash,
    accounts: fact('players').length,
    // The integrator's is one more.
    keys: fact('keys').length + 1,
    datasets: Object.keys(fact('datasets')).length,
    submissions: fact('submissions').length,
    auditEntries: fact('auditEntries'),
    seconds: (Date.now() - startedAt.getTime()) / 1_000,
    steps: timed,
  };
}

export const rowsOf = ({ steps: timed, ok: _, ...facts }: Summary): string[][] => [
  ...Object.entries(facts).map(([name, value]) => [name, String(value)]),
  ...timed.map(({ name, ms }) => [`step ${name}`, `${ms} ms`]),
];
