import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface EventLoop {
  /** The longest time that the loop stood still within the last one or two windows. */
  maxDelayMs(): number;
  stop(): void;
}

const windowMs = 10_000;
const nanosecondsPerMs = 1e6;

export function watchEventLoop(): EventLoop {
  const delays = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  let previousMs = 0;
  const timer = setInterval(() => {
    previousMs = delays.max / nanosecondsPerMs;
    delays.reset();
  }, windowMs);
  timer.unref();
  return {
    maxDelayMs: () => Math.round(Math.max(previousMs, delays.max / nanosecondsPerMs)),
    stop: () => {
      clearInterval(timer);
      delays.disable();
    },
  };
}
