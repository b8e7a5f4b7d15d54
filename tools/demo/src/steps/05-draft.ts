import type { TaskSpecInput } from '@arena/contracts';
import type { Facts, Step } from '../context.js';
import { CLASSES, FEATURES } from '../core/problem-set.js';
import { refused } from '../refused.js';

export const draft: Step = {
  name: 'draft',
  title: 'A task is drafted',
  async run({ say, signal, fact, know, admin, players }) {
    const spec = specOf(fact('datasets'));
    const { task, specHash } = know('task', await admin().call('tasks.create', { body: { spec }, signal }));
    const [trainer] = players('trainer');
    if (trainer) {
      const peek = trainer.client.call('tasks.get', { params: { task }, signal });
      say.note(await refused(peek, 'resource/not-found', 'A trainer’s look at the draft'));
    }
    say.note(`task ${task} is a draft; its spec hashes to ${specHash}`);
  },
};

const specOf = ({ training, hiddenA, hiddenB }: Facts['datasets']): TaskSpecInput => ({
  title: 'Three directions',
  summary: 'Tell along which of three unknown directions a point lies most.',
  kind: 'classification',
  scoring: { metric: 'accuracy', direction: 'max' },
  model: {
    operators: ['Gemm', 'MatMul', 'Add', 'Relu', 'Softmax', 'Identity'],
    inputs: [{ name: 'X', type: 'float32', shape: ['batch', FEATURES] }],
    outputs: [{ name: 'scores', type: 'float32', shape: ['batch', CLASSES] }],
  },
  data: { training: [training], hiddenA, hiddenB },
});
