import type { Outgoing } from '@arena/outbox';

/** One message of ordinary size, the same on both sides. */
export function record(n: number): Outgoing<'audit.record.v1'> {
  return {
    name: 'audit.record.v1',
    entity: `bench:${n}`,
    payload: {
      actor: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      action: 'task.extended',
      subject: `task:${n}`,
      reason: 'The validators asked for another day',
      before: { closesAt: '2026-01-01T00:00:00.000Z' },
      after: { closesAt: '2026-01-02T00:00:00.000Z' },
      traceId: null,
      at: '2026-01-01T00:00:00.000Z',
    },
  };
}

/** Runs `work` for 0 … count − 1, so many at a time. */
export async function inParallel(count: number, width: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Resolves when it has been called so often. */
export function countdown(count: number): { done: Promise<void>; tick: () => void } {
  let left = count;
  let finish = () => {};
  const done = new Promise<void>(resolve => (finish = resolve));
  return { done, tick: () => --left === 0 && finish() };
}
