// What the child says of itself and of the model, read as what a stranger says.
import { z } from 'zod';
import { isElementType } from './frames.js';

const MAX_VALUES = 1_024;
const MAX_NAME = 4_096;

const Declared = z.object({
  name: z.string().max(MAX_NAME),
  type: z.string().refine(isElementType),
  shape: z.array(z.int().min(0).nullable()).max(32),
});
const Ready = z.object({ inputs: z.array(Declared).max(MAX_VALUES), outputs: z.array(Declared).max(MAX_VALUES) });
const Failed = z.object({ failed: z.object({ at: z.enum(['load', 'run', 'output']), message: z.string() }) });

export const Words = z.union([z.object({ ready: Ready }), Failed]);

/** An input or output as the runtime tells it; null is a dimension that only the run knows. */
export type Declared = z.output<typeof Declared>;
export type Ready = z.output<typeof Ready>;
export type Stage = z.output<typeof Failed>['failed']['at'];

export const optimisations = ['disabled', 'basic', 'extended', 'all'] as const;

/** The first thing that the child is told. */
export interface Start {
  /** The path as the child sees it. */
  model: string;
  provider: 'cpu';
  threads: number;
  optimisation: (typeof optimisations)[number];
}
