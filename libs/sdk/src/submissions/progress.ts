import type { SubmitProgress } from './options.js';

export interface Teller {
  tell(change: Partial<SubmitProgress>): void;
  sent(bytes: number): void;
}

const PACE_MS = 100;

/** Says at once what is new in kind, and of bytes only now and then that there were more. */
export function progressTeller(
  total: number,
  onProgress: ((progress: SubmitProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): Teller {
  let current: SubmitProgress = { submission: undefined, doing: 'reading', step: null, sent: 0, total };
  let toldAt = -Infinity;

  function tell(change: Partial<SubmitProgress>): void {
    const before = current;
    current = { ...before, ...change };
    const { submission, doing, step } = current;
    const isNew = submission !== before.submission || doing !== before.doing || step !== before.step;
    if (!isNew && now() - toldAt < PACE_MS) return;
    toldAt = now();
    onProgress?.(current);
  }

  return { tell, sent: bytes => tell({ sent: current.sent + bytes }) };
}
