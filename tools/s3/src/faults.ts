import { queryOf, type S3Request } from './core/request.js';

/** What a test may have this server do wrong. */
export type Fault =
  /** Answers at once, with nothing done: 503 is `SlowDown`, anything else `InternalError`. */
  | { readonly status: number }
  | { readonly delayMs: number }
  /** Cuts the connection after that many bytes of an object. */
  | { readonly truncateAfter: number }
  /** 200 with an error in the body, nothing done: S3 does so on a long CompleteMultipartUpload or copy. */
  | { readonly errorInBody: true }
  /** Does the work and cuts the connection instead of answering. */
  | { readonly loseAnswer: true };

export interface FaultRequest {
  readonly operation: string;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  query(name: string): string | undefined;
}

export type Faults = (request: FaultRequest) => Fault | undefined;

export function faultFor(faults: Faults | undefined, operation: string, request: S3Request): Fault | undefined {
  const { method, bucket, key } = request;
  return faults?.({ operation, method, bucket, key, query: name => queryOf(request, name) });
}
