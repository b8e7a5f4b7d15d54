const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before a service that died for the n-th time in a row is started again. */
export const restartDelay = (deaths: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, deaths - 1));
