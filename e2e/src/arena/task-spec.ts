import type { TaskSpecInput } from '@arena/contracts';

interface Refs {
  training?: TaskSpecInput['data']['training'];
  hiddenA?: TaskSpecInput['data']['hiddenA'];
  hiddenB?: TaskSpecInput['data']['hiddenB'];
}

const nowhere = (digit: string) => ({
  dataset: `00000000-0000-4000-8000-00000000000${digit}`,
  version: 1,
  sha256: digit.repeat(64),
});

/** A small but whole spec; without refs it names datasets that do not exist. */
export const taskSpec = (
  title: string,
  { training = [], hiddenA = nowhere('a'), hiddenB = nowhere('b') }: Refs = {},
): TaskSpecInput => ({
  title,
  summary: 'A task made by a test',
  kind: 'classification',
  scoring: { metric: 'accuracy', direction: 'max' },
  model: {
    operators: ['Gemm', 'Relu'],
    inputs: [{ type: 'float32', shape: ['batch', 4] }],
    outputs: [{ type: 'float32', shape: ['batch', 2] }],
  },
  data: { training, hiddenA, hiddenB },
});
