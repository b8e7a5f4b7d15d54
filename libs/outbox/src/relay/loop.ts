export interface Loop {
  /** Run now rather than at the next pause's end. */
  wake(): void;
  /** Waits for the run that is under way. */
  close(): Promise<void>;
}

export interface LoopOptions {
  /** The pause after a run that found nothing left to do. */
  everyMs: number;
  /** Says whether there is more to do at once. */
  run: () => Promise<'more' | 'idle'>;
  onError: (error: Error) => void;
}

const longestPauseMs = 5_000;

/** Runs again and again: at once while there is more, after a pause or a wake when idle, later and later on errors. */
export function loop({ everyMs, run, onError }: LoopOptions): Loop {
  let closed = false;
  let woken = false;
  let interrupt = () => {};

  const pause = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function keepRunning(): Promise<void> {
    let failures = 0;
    while (!closed) {
      woken = false;
      try {
        const left = await run();
        failures = 0;
        if (left === 'idle' && !woken && !closed) await pause(everyMs);
      } catch (error) {
        onError(error as Error);
        failures += 1;
        const longest = Math.min(100 * 2 ** failures, longestPauseMs);
        if (!closed) await pause(longest * (0.5 + Math.random() / 2));
      }
    }
  }

  const running = keepRunning();
  return {
    wake() {
      woken = true;
      interrupt();
    },
    async close() {
      closed = true;
      interrupt();
      await running;
    },
  };
}
