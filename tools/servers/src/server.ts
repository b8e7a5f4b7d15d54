/** A server that we can talk to; `pid` is there when the process is ours, and only then does `stop` end one. */
export interface Server {
  readonly url: string;
  readonly pid?: number;
  stop(): Promise<void>;
}

/** Somebody else's server, reached by its address: never ours to stop. */
export const foreign = (url: string): Server => ({ url, stop: async () => undefined });

export const ownOf = (url: string, child: { pid: number; stop(): Promise<void> }): Server => ({
  url,
  pid: child.pid,
  stop: () => child.stop(),
});
