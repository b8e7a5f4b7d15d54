import { onnxModel, type Habit } from '../core/onnx-model.js';
import { points } from '../core/problem-set.js';
import { train as learn } from '../core/train.js';
import type { Step } from '../context.js';

/** Who sees more points learns more. The third has an eye on what others do. */
const diligence = [2_000, 400, 120];

const habits: readonly Habit[] = [
  { producer: 'own exporter 0.3', names: ['points', 'W', 'b', 'scores'] },
  { producer: 'notebook', names: ['input.1', 'fc.weight', 'fc.bias', 'out'] },
  { producer: 'tool of mine', names: ['X', 'kernel:0', 'bias:0', 'Y'] },
];

export const train: Step = {
  name: 'train',
  title: 'Three trainers train at home',
  run({ say, know, players }) {
    const models = players('trainer').map((player, i) => {
      const rows = diligence[i] ?? 100;
      const habit = habits[i] ?? { producer: '', names: ['x', 'w', 'b', 'y'] };
      const weights = learn(points(1, rows));
      say.progress('trained', i + 1, players('trainer').length);
      return { player, weights, habit, bytes: onnxModel(weights, habit) };
    });
    know('models', models);
    say.note('each writes a model down in a way of their own: other names, other tools');
    return Promise.resolve();
  },
};
