import { expect, it, vi } from 'vitest';
import { loop } from './loop.js';

const quiet = { onError: () => undefined };
const after = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

it('runs again at once while there is more, then pauses', async () => {
  let runs = 0;
  const subject = loop({ everyMs: 60_000, run: async () => (++runs < 5 ? 'more' : 'idle'), ...quiet });
  await after(20);
  expect(runs).toBe(5);
  await subject.close();
});

it('is woken out of its pause, and does not sleep over a wake that came during a run', async () => {
  let runs = 0;
  let woken = false;
  const subject = loop({
    everyMs: 60_000,
    run: async () => {
      runs += 1;
      await after(5);
      if (!woken) subject.wake();
      woken = true;
      return 'idle';
    },
    ...quiet,
  });
  await after(40);
  expect(runs).toBe(2);
  subject.wake();
  await after(20);
  expect(runs).toBe(3);
  await subject.close();
});

it('goes on after an error, later each time, and ends when it is closed', async () => {
  const onError = vi.fn();
  let runs = 0;
  const run = async () => {
    runs += 1;
    throw new Error('no');
  };
  const subject = loop({ everyMs: 1, run, onError });
  await after(350);
  await subject.close();
  const before = runs;
  expect(before).toBeGreaterThanOrEqual(2);
  expect(before).toBeLessThanOrEqual(4);
  expect(onError).toHaveBeenCalledTimes(before);
  await after(50);
  expect(runs).toBe(before);
});
