/**
 * Decides who sent a request: SigV4 in the Authorization header, or in the query of a presigned URL.
 * A presigned URL carries the grants of the key that signed it, no more.
 */
import { S3Error } from './errors.js';
import type { AccessKey } from './grants.js';
import { readPayload, type Payload } from './payload.js';
import { queryOf, type S3Request } from './request.js';
import { sameSignature, signingFor, signRequest, type Signable } from './signature.js';

export interface Caller {
  readonly key: AccessKey;
  readonly payload: Payload;
}

interface Claim {
  readonly accessKey: string;
  readonly day: string;
  readonly time: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payload: string;
  /** Seconds of a presigned URL. */
  readonly expires?: number;
}

const algorithm = 'AWS4-HMAC-SHA256';
const allowedSkewMs = 15 * 60_000;
const longestExpirySeconds = 7 * 24 * 3600;

const malformed = (why: string) =>
  new S3Error('AuthorizationHeaderMalformed', `The authorization header is malformed; ${why}`);
const badQuery = (why: string) => new S3Error('AuthorizationQueryParametersError', why);

function splitCredential(text: string, wrong: (why: string) => S3Error) {
  const parts = text.split('/');
  const [terminal, service, region, day] = parts.slice(-4).reverse();
  const accessKey = parts.slice(0, -4).join('/');
  if (terminal !== 'aws4_request' || service !== 's3' || !region || !/^\d{8}$/.test(day ?? '') || accessKey === '') {
    throw wrong('the Credential is not of the form <key>/<day>/<region>/s3/aws4_request');
  }
  return { accessKey, day: day as string, region };
}

function fromHeader(request: S3Request, header: string): Claim {
  if (!header.startsWith(`${algorithm} `)) {
    throw new S3Error(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`,
    );
  }
  const fields = new Map(
    header
      .slice(algorithm.length + 1)
      .split(',')
      .map(part => {
        const at = part.indexOf('=');
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      }),
  );
  const credential = fields.get('Credential');
  const signature = fields.get('Signature');
  const signedHeaders = fields.get('SignedHeaders');
  if (!credential || !signature || !signedHeaders)
    throw malformed('Credential, SignedHeaders and Signature are needed');
  const payload = request.headers.get('x-amz-content-sha256');
  if (!payload) throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  const time = request.headers.get('x-amz-date') ?? fromHttpDate(request.headers.get('date'));
  return {
    ...splitCredential(credential, malformed),
    time,
    signedHeaders: signedHeaders.split(';'),
    signature,
    payload,
  };
}

function fromHttpDate(date: string | undefined): string {
  const at = Date.parse(date ?? '');
  if (Number.isNaN(at))
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

function fromQuery(request: S3Request): Claim {
  const need = (name: string) => {
    const values = request.query.filter(([each]) => each === name);
    const value = values[0]?.[1];
    if (values.length !== 1 || !value) throw badQuery(`Query-string authentication requires one ${name}`);
    return value;
  };
  if (need('X-Amz-Algorithm') !== algorithm) throw badQuery(`X-Amz-Algorithm only supports ${algorithm}`);
  const expires = need('X-Amz-Expires');
  if (!/^\d{1,12}$/.test(expires) || Number(expires) < 1) throw badQuery('X-Amz-Expires should be a positive number');
  if (Number(expires) > longestExpirySeconds) throw badQuery('X-Amz-Expires must be less than a week (in seconds)');
  const signedHeaders = need('X-Amz-SignedHeaders').split(';');
  const signedPayload = signedHeaders.includes('x-amz-content-sha256') && request.headers.get('x-amz-content-sha256');
  return {
    ...splitCredential(need('X-Amz-Credential'), badQuery),
    time: need('X-Amz-Date'),
    signedHeaders,
    signature: need('X-Amz-Signature'),
    payload: signedPayload || 'UNSIGNED-PAYLOAD',
    expires: Number(expires),
  };
}

function parseTime(time: string): number {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  const at = found ? Date.parse(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')) : NaN;
  if (Number.isNaN(at)) throw new S3Error('AccessDenied', 'The date must be of the form YYYYMMDDTHHMMSSZ');
  return at;
}

function assertTimely(claim: Claim, now: Date): void {
  const at = parseTime(claim.time);
  if (!claim.time.startsWith(claim.day)) throw malformed('the date of the Credential is not that of the request');
  const age = now.getTime() - at;
  if (claim.expires === undefined) {
    if (Math.abs(age) <= allowedSkewMs) return;
    const message = 'The difference between the request time and the current time is too large.';
    throw new S3Error('RequestTimeTooSkewed', message, { fields: { ServerTime: now.toISOString() } });
  }
  if (age < -allowedSkewMs) throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (age > claim.expires * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

function signable(request: S3Request, claim: Claim): Signable {
  const { signedHeaders } = claim;
  if (!signedHeaders.includes('host')) throw new S3Error('AccessDenied', 'The host header must be signed');
  for (const name of request.headers.keys()) {
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name)) {
      throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
        fields: { HeadersNotSigned: name },
      });
    }
  }
  return {
    method: request.method,
    path: request.path,
    query: request.query.filter(([name]) => name !== 'X-Amz-Signature'),
    headers: signedHeaders.map(name => [name, request.headers.get(name) ?? '']),
    payload: claim.payload,
  };
}

export function authenticate(request: S3Request, keys: readonly AccessKey[], region: string, now: Date): Caller {
  const header = request.headers.get('authorization');
  const presigned =
    queryOf(request, 'X-Amz-Signature') !== undefined || queryOf(request, 'X-Amz-Algorithm') !== undefined;
  if (header && presigned) throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed');
  if (!header && !presigned) throw new S3Error('AccessDenied', 'Access Denied');
  const claim = header ? fromHeader(request, header) : fromQuery(request);

  const key = keys.find(each => each.accessKey === claim.accessKey);
  if (!key)
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  if (claim.region !== region) {
    const message = `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${region}'`;
    throw new S3Error('AuthorizationHeaderMalformed', message, { fields: { Region: region } });
  }
  assertTimely(claim, now);
  const signing = signingFor(key.secretKey, claim.time, claim.day, claim.region);
  if (!sameSignature(claim.signature, signRequest(signing, signable(request, claim)))) {
    const message = 'The request signature we calculated does not match the signature you provided.';
    throw new S3Error('SignatureDoesNotMatch', message);
  }
  return { key, payload: readPayload(claim.payload, signing, claim.signature) };
}
