/**
 * missing      no such bucket, object or upload
 * unavailable  the store is down, slow or overloaded; worth trying again later
 * denied       the keys do not allow it
 * invalid      the store understood and refused; trying again changes nothing
 */
export type ObjectsErrorKind = 'missing' | 'unavailable' | 'denied' | 'invalid';

/** Says what was tried and S3's code; never a body, a signature or a key of ours. */
export class ObjectsError extends Error {
  override readonly name = 'ObjectsError';

  constructor(
    readonly kind: ObjectsErrorKind,
    readonly operation: string,
    /** S3's code, or that of the network. */
    readonly code: string,
    /** The store cannot have acted on the request. */
    readonly untouched = false,
  ) {
    super(`${operation}: ${kind} (${code})`);
  }
}

const kinds: Readonly<Record<string, ObjectsErrorKind>> = {
  NotFound: 'missing',
  NoSuchBucket: 'missing',
  NoSuchKey: 'missing',
  NoSuchUpload: 'missing',
  AccessDenied: 'denied',
  ExpiredToken: 'denied',
  InvalidAccessKeyId: 'denied',
  RequestTimeTooSkewed: 'denied',
  SignatureDoesNotMatch: 'denied',
  ConditionalRequestConflict: 'unavailable',
  InternalError: 'unavailable',
  OperationAborted: 'unavailable',
  RequestTimeout: 'unavailable',
  ServiceUnavailable: 'unavailable',
  SlowDown: 'unavailable',
};

const network = /^(E[A-Z]+[A-Z_]*|UND_ERR_.*|ERR_STREAM_PREMATURE_CLOSE)$/;

export const kindOf = (code: string): ObjectsErrorKind =>
  kinds[code] ?? (network.test(code) ? 'unavailable' : 'invalid');

// The minio client turns these answers into plain errors, and says the status in words alone.
const retryableStatus = /Retryable HTTP status: (\d{3})/;

export function toObjectsError(error: unknown, operation: string): ObjectsError {
  if (error instanceof ObjectsError) return error;
  const status = retryableStatus.exec(error instanceof Error ? error.message : '')?.[1];
  if (status !== undefined)
    return new ObjectsError('unavailable', operation, `HTTP ${status}`, status === '503' || status === '429');
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  if (typeof code === 'string' && code !== '')
    return new ObjectsError(kindOf(code), operation, code, code === 'ECONNREFUSED');
  return new ObjectsError('invalid', operation, error instanceof Error ? error.constructor.name : 'unknown');
}
