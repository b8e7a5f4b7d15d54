import { TaskSpec } from '@arena/contracts';

const nowhere = (digit: string) => ({
  dataset: `00000000-0000-4000-8000-00000000000${digit}`,
  version: 1,
  sha256: digit.repeat(64),
});

/** A task as big as usual; none of its datasets is looked at. */
export const spec = TaskSpec.parse({
  title: 'A task of the usual size',
  summary: 'Twenty operators, one training set, two hidden ones',
  description: 'What the model is for, in a few sentences. '.repeat(20),
  kind: 'classification',
  scoring: { metric: 'accuracy', direction: 'max' },
  model: {
    operators: Array.from({ length: 20 }, (_, i) => `Operator${i}`),
    inputs: [{ type: 'float32', shape: ['batch', 128] }],
    outputs: [{ type: 'float32', shape: ['batch', 10] }],
  },
  data: { training: [nowhere('1')], hiddenA: nowhere('a'), hiddenB: nowhere('b') },
});
