import { expect, it } from 'vitest';
import { begin } from './submission.js';
import { assertTakesModels, deadlineFor, followTask, type KnownTask } from './uploading.js';

const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);
const task = (more: Partial<KnownTask> = {}): KnownTask => ({
  ...{ task: 1, phase: 'submission', paused: false, closesAt: at(10) },
  spec: { submissions: { perDay: 4, graceSeconds: 3_600 } } as KnownTask['spec'],
  ...more,
});
const DAY = 86_400;
const HOUR = 3_600;

it('gives an upload its own time, but no longer than the close and the grace', () => {
  expect(deadlineFor(task(), at(0), 2 * HOUR)).toEqual(at(2));
  expect(deadlineFor(task(), at(0), DAY)).toEqual(at(11));
  expect(deadlineFor(task(), at(9.99), DAY)).toEqual(at(11));
});

it('bounds an upload by nothing but its own time while the task is paused', () => {
  expect(deadlineFor(task({ paused: true }), at(0), DAY)).toEqual(at(24));
});

it('takes models until the very close', () => {
  expect(() => assertTakesModels(task(), new Date(at(10).getTime() - 1))).not.toThrow();
  expect(() => assertTakesModels(task(), at(10))).toThrow('task/phase: Submissions closed at');
  expect(() => assertTakesModels(task({ phase: 'final' }), at(1))).toThrow('task/phase');
  expect(() => assertTakesModels(task({ paused: true }), at(1))).toThrow('task/paused');
  expect(() => assertTakesModels(undefined, at(1))).toThrow('resource/not-found');
});

it('moves uploads with the task, and lets them be when nothing changes for them', () => {
  const upload = begin(at(11));
  const when = { begunAt: at(0), uploadSeconds: DAY, now: at(5) };
  expect(followTask(upload, task(), when)).toBe(upload);
  expect(followTask(upload, task({ phase: 'final' }), when)).toBe(upload);
  expect(followTask(upload, task({ closesAt: at(12) }), when)).toEqual({ state: 'uploading', deadline: at(13) });
  for (const phase of ['cancelled', 'finalised'])
    expect(followTask(upload, task({ phase }), when)).toEqual({ state: 'abandoned', endedAt: at(5) });
});
