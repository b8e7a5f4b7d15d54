// Every error that a client can meet, once. The code is the contract; titles may be reworded.
// Core code throws a code from this table and knows no HTTP; one filter turns it into RFC 9457 problem+json.

interface ProblemRow {
  status: number;
  title: string;
}

export const problems = {
  'request/invalid': { status: 422, title: 'The request does not have the documented shape' },
  'request/broken-json': { status: 400, title: 'The body is not JSON' },
  'request/malformed': { status: 400, title: 'The request is not well-formed HTTP' },
  'request/media-type': { status: 415, title: 'The body must be application/json' },
  'request/not-acceptable': { status: 406, title: 'This resource has no such representation' },
  'request/too-large': { status: 413, title: 'The body is larger than this route takes' },
  'request/headers-too-large': { status: 431, title: 'The headers are larger than this server takes' },
  'request/timeout': { status: 408, title: 'The request took too long to arrive' },
  'route/unknown': { status: 404, title: 'There is no such route' },
  'route/method': { status: 405, title: 'This path does not take this method' },
  'resource/not-found': { status: 404, title: 'There is no such thing, or it is not yours to see' },
  'resource/exists': { status: 409, title: 'It exists already' },
  'page/cursor': { status: 422, title: 'The cursor is not one that this list gave out' },
  'etag/required': { status: 428, title: 'If-Match is required here' },
  'etag/stale': { status: 412, title: 'It has changed since you read it' },
  'limit/exceeded': { status: 429, title: 'Too many requests' },
  'idempotency/missing': { status: 400, title: 'Idempotency-Key is required here' },
  'idempotency/malformed': { status: 400, title: 'The Idempotency-Key is not 1 to 200 printable characters' },
  'idempotency/reused': { status: 422, title: 'This Idempotency-Key was used with another request' },
  'idempotency/running': { status: 409, title: 'A request with this Idempotency-Key is still running' },
  'idempotency/secret-already-shown': { status: 409, title: 'The answer held a secret and was shown once' },
  'auth/missing': { status: 401, title: 'This needs a session token or an API key' },
  'auth/ambiguous': { status: 401, title: 'Send one credential, not two' },
  'auth/malformed': { status: 401, title: 'The credential is incomplete or mistyped' },
  'auth/unknown': { status: 401, title: 'The credential is not known' },
  'auth/expired': { status: 401, title: 'The credential has expired' },
  'auth/revoked': { status: 401, title: 'The credential was revoked' },
  'auth/scope': { status: 403, title: 'The key lacks the scope for this' },
  'auth/admin-only': { status: 403, title: 'Only an admin may do this' },
  'auth/session-only': { status: 403, title: 'This needs a signed-in session, not an API key' },
  'auth/account-required': { status: 403, title: 'This key belongs to no wallet' },
  'auth/message-invalid': { status: 422, title: 'The sign-in message is not acceptable' },
  'auth/nonce': { status: 401, title: 'The nonce is unknown, used or expired' },
  'auth/signature': { status: 401, title: 'The signature does not belong to this wallet' },
  'chain/unavailable': { status: 503, title: 'The chain cannot be asked right now' },
  'key/too-many': { status: 409, title: 'The account has its full number of live keys' },
  'key/expiry': { status: 422, title: 'The expiry must lie in the future, within a year' },
  'key/scopes': { status: 422, title: 'These scopes cannot be given to this key' },
  'key/receipt-key': { status: 422, title: 'The receipt key is not properly authorised' },
  'account/last-admin': { status: 409, title: 'The last admin cannot be removed' },
  'task/phase': { status: 409, title: 'The task is not in a phase that allows this' },
  'task/paused': { status: 409, title: 'The task is paused' },
  'task/not-paused': { status: 409, title: 'The task is not paused' },
  'task/immutable': { status: 409, title: 'The spec of an opened task cannot change' },
  'task/schedule': { status: 422, title: 'The times do not fit together' },
  'task/dataset': { status: 422, title: 'A dataset that the spec names is missing, unfit or not ready' },
  'dataset/state': { status: 409, title: 'The dataset version is not in a state that allows this' },
  'dataset/hidden': { status: 403, title: 'Hidden sets are reached by an assignment, never by download' },
  'dataset/parts': { status: 409, title: 'The uploaded parts do not make up the declared file' },
  'dataset/part-number': { status: 422, title: 'There is no such part in this upload' },
  'service/unavailable': { status: 503, title: 'A part of the arena is away; try again' },
  'service/upstream': { status: 502, title: 'The service behind this path cannot be reached' },
  'service/timeout': { status: 504, title: 'The service behind this path did not answer in time' },
  internal: { status: 500, title: 'Something broke on our side' },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];
