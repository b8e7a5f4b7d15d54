import { expect, it } from 'vitest';
import type { SubmitProgress } from './options.js';
import { progressTeller } from './progress.js';

function heard() {
  let now = 0;
  const told: SubmitProgress[] = [];
  const { tell, sent } = progressTeller(
    100,
    progress => told.push(progress),
    () => now,
  );
  return { tell, sent, told, pass: (ms: number) => void (now += ms) };
}

it('says at most ten times a second how many bytes were sent, and loses none', () => {
  const { tell, sent, told, pass } = heard();
  tell({ doing: 'sending' });
  for (let i = 0; i < 50; i++) {
    sent(2);
    pass(10);
  }
  expect(told).toHaveLength(5);
  tell({ doing: 'inspecting' });
  expect(told.at(-1)).toMatchObject({ doing: 'inspecting', sent: 100, total: 100 });
});

it('says at once what it is doing now, at which step, and for which submission', () => {
  const { tell, told } = heard();
  tell({ doing: 'sending' });
  tell({ submission: 's' });
  tell({ doing: 'inspecting' });
  tell({ step: 'reading' });
  tell({ step: 'reading' });
  expect(told.map(({ doing, step, submission }) => [doing, step, submission])).toEqual([
    ['sending', null, undefined],
    ['sending', null, 's'],
    ['inspecting', null, 's'],
    ['inspecting', 'reading', 's'],
  ]);
});
