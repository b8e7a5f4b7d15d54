import type { BlockRange } from './core/suggested-range.js';
import type { Fault } from './core/classify.js';

export interface RpcErrorDetails {
  /** Of the JSON-RPC error, where there was one. */
  code?: number | undefined;
  /** Of the JSON-RPC error: what a revert returned, for one. */
  data?: unknown;
  /** A narrower range that the provider says would work. */
  suggested?: BlockRange | undefined;
  retryAfterMs?: number | undefined;
  provider?: string | undefined;
  cause?: unknown;
}

/** Why a question to a node has no answer. The kind says what to do next; the words are for people. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number | undefined;
  readonly data: unknown;
  readonly suggested: BlockRange | undefined;
  readonly retryAfterMs: number | undefined;
  readonly provider: string | undefined;

  constructor(
    readonly kind: Fault,
    message: string,
    details: RpcErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.data = details.data;
    this.suggested = details.suggested;
    this.retryAfterMs = details.retryAfterMs;
    this.provider = details.provider;
  }
}
