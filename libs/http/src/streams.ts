// The event streams that are open in this process. Each holds a connection and whatever feeds it for as long as its
// follower likes, so there is a bound for all and one for each caller.
import { DomainError } from '@arena/problem';

export interface StreamOptions {
  /** Open at once, in this process. */
  most?: number;
  mostEach?: number;
  heartbeatMs?: number;
}

export interface Place {
  /** Aborted when the follower has gone, or the server is going. */
  signal: AbortSignal;
  leave(): void;
}

export interface Streams {
  readonly heartbeatMs: number;
  enter(who: string): Place;
  count(): number;
  /** Ends all of them; followers come back to another process. */
  close(): void;
}

export function createStreams({ most = 1_000, mostEach = 20, heartbeatMs = 15_000 }: StreamOptions = {}): Streams {
  const open = new Set<AbortController>();
  const each = new Map<string, number>();
  let closed = false;
  return {
    heartbeatMs,
    enter(who) {
      if (closed || open.size >= most) throw new DomainError('service/unavailable', { retryAfterSeconds: 5 });
      const own = each.get(who) ?? 0;
      if (own >= mostEach)
        throw new DomainError('limit/exceeded', {
          detail: `${mostEach} streams at once are all that one caller can have.`,
          retryAfterSeconds: 5,
        });
      const controller = new AbortController();
      open.add(controller);
      each.set(who, own + 1);
      return {
        signal: controller.signal,
        leave() {
          if (!open.delete(controller)) return;
          const left = (each.get(who) ?? 1) - 1;
          if (left > 0) each.set(who, left);
          else each.delete(who);
          controller.abort();
        },
      };
    },
    count: () => open.size,
    close() {
      closed = true;
      for (const controller of open) controller.abort();
    },
  };
}
