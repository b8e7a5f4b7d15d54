import type { Logger, Shutdown } from '@arena/observe';

export interface LoopOptions {
  name: string;
  everyMs: number;
  log: Logger;
  shutdown: Shutdown;
  /** Says how long to rest before the next round, when that is not `everyMs`. A round that throws is logged and comes again. */
  work: () => Promise<number | void>;
}

export interface Loop {
  /** Cuts the rest short: there is work. */
  wake(): void;
  stop(): Promise<void>;
}

/** Work that comes round for as long as the process lives: one round at a time, stopped with the workers. */
export function startLoop({ name, everyMs, log, shutdown, work }: LoopOptions): Loop {
  let stopped = false;
  let woken = false;
  let wakeUp = () => {};

  const rest = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, stopped || woken ? 0 : ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run(): Promise<void> {
    while (!stopped) {
      let restMs = everyMs;
      woken = false;
      try {
        restMs = (await work()) ?? everyMs;
      } catch (error) {
        log.warn({ err: error, loop: name }, 'a round failed; it comes again');
      }
      if (!stopped) await rest(restMs);
    }
  }

  const running = run();
  const loop: Loop = {
    wake: () => {
      woken = true;
      wakeUp();
    },
    stop: () => {
      stopped = true;
      wakeUp();
      return running;
    },
  };
  shutdown.add('workers', name, () => loop.stop());
  return loop;
}
