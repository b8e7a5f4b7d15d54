// URLs to send parts to. They expire, so they are minted late: a few parts' at a time, and again whenever one failed.
export interface PartUrl {
  number: number;
  url: string;
  /** What the server expects of this part. */
  size: number;
}

export type MintUrls = (numbers: number[], signal: AbortSignal) => Promise<{ urls: PartUrl[] }>;

export interface UrlPool {
  /** `fresh`: not one that was handed out before, which may have expired while the line was down. */
  take(number: number, fresh: boolean): Promise<PartUrl>;
}

/** `numbers` are those that will be asked for, roughly in this order. */
export function urlPool(
  mint: MintUrls,
  { numbers, ahead, signal }: { numbers: readonly number[]; ahead: number; signal: AbortSignal },
): UrlPool {
  const pool = new Map<number, Promise<PartUrl>>();

  function fill(wanted: number[]): void {
    const minted = mint(wanted, signal);
    for (const number of wanted) {
      const mine = minted.then(({ urls }) => {
        const found = urls.find(one => one.number === number);
        if (found) return found;
        throw new TypeError(`The server gave no URL for part ${number}`);
      });
      // Whoever takes it hears of the failure; one that nobody takes any more is no unhandled rejection.
      mine.catch(() => undefined);
      pool.set(number, mine);
    }
  }

  return {
    take(number, fresh) {
      if (fresh) fill([number]);
      if (!pool.has(number)) {
        const at = numbers.indexOf(number);
        fill(at < 0 ? [number] : numbers.slice(at, at + ahead).filter(one => !pool.has(one)));
      }
      const mine = pool.get(number) as Promise<PartUrl>;
      pool.delete(number);
      return mine;
    },
  };
}
