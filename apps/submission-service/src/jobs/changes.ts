// Who waits for something to happen to a submission is woken by one connection that listens, whatever process made the
// change. A look every few seconds at all that is followed is the net under it.
import { listen } from '@arena/db';

export const CHANGES = Symbol('Changes');

export interface Following {
  /** True when something may have happened since the last call, or the first; false when it is over. One call at a time. */
  next(): Promise<boolean>;
  end(): void;
}

export interface Changes {
  follow(submission: string, until: AbortSignal): Following;
  /** Called when something happened to any submission. */
  onAny(wake: () => void): void;
  /** Ends whatever follows. */
  close(): Promise<void>;
}

export interface ChangesOptions {
  url: string;
  pollMs?: number;
  /** Of these submissions, those that have another version than the one last heard of, with it. */
  look(known: ReadonlyMap<string, bigint>): Promise<ReadonlyMap<string, bigint>>;
  onError(error: Error): void;
}

interface Followed {
  /** The newest version that anybody has said. */
  version: bigint;
  readonly wakers: Set<() => void>;
}

export function openChanges({ url, pollMs = 2_000, look, onError }: ChangesOptions): Changes {
  const followed = new Map<string, Followed>();
  const anyWakers = new Set<() => void>();
  const closing = new AbortController();
  let looking = false;

  function heard(submission: string, version: bigint): void {
    const entry = followed.get(submission);
    if (!entry || version <= entry.version) return;
    entry.version = version;
    for (const wake of entry.wakers) wake();
  }

  async function lookAgain(): Promise<void> {
    if (looking || followed.size === 0) return;
    looking = true;
    try {
      const known = new Map([...followed].map(([submission, { version }]) => [submission, version]));
      for (const [submission, version] of await look(known)) heard(submission, version);
    } catch (error) {
      onError(error as Error);
    } finally {
      looking = false;
    }
  }

  const wakeAny = () => {
    for (const wake of anyWakers) wake();
  };
  const listener = listen({
    url,
    channel: 'submission_changed',
    applicationName: 'arena submission changes',
    onMessage: payload => {
      const [submission = '', version = '0'] = payload.split(' ');
      heard(submission, BigInt(version));
      wakeAny();
    },
    onListening: () => {
      wakeAny();
      void lookAgain();
    },
    onError,
  });
  const timer = setInterval(() => void lookAgain(), pollMs);

  return {
    follow(submission, until) {
      const entry = followed.get(submission) ?? { version: 0n, wakers: new Set() };
      followed.set(submission, entry);
      const over = AbortSignal.any([until, closing.signal]);
      let news = false;
      let settle = () => {};
      const wake = () => {
        news = true;
        settle();
      };
      const stop = () => settle();
      entry.wakers.add(wake);
      over.addEventListener('abort', stop);
      return {
        async next() {
          if (!news && !over.aborted) await new Promise<void>(resolve => (settle = resolve));
          if (over.aborted) return false;
          news = false;
          return true;
        },
        end() {
          over.removeEventListener('abort', stop);
          entry.wakers.delete(wake);
          if (entry.wakers.size === 0 && followed.get(submission) === entry) followed.delete(submission);
        },
      };
    },
    onAny: wake => void anyWakers.add(wake),
    close: async () => {
      closing.abort();
      clearInterval(timer);
      await listener.close();
    },
  };
}
