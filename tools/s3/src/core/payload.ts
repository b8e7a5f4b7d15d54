import { S3Error } from './errors.js';
import type { Signing } from './signature.js';

/** How the body is bound to the signature. */
export type Payload =
  | { readonly kind: 'whole'; readonly sha256: string }
  | { readonly kind: 'unsigned' }
  | {
      readonly kind: 'chunked';
      readonly trailer: boolean;
      readonly signed?: { readonly signing: Signing; readonly seed: string };
    };

/** Reads `x-amz-content-sha256`; `seed` is the signature of the request itself. */
export function readPayload(declared: string, signing: Signing, seed: string): Payload {
  switch (declared) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', trailer: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunked', trailer: false, signed: { signing, seed } };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunked', trailer: true, signed: { signing, seed } };
    default:
      if (/^[0-9a-f]{64}$/.test(declared)) return { kind: 'whole', sha256: declared };
      throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a SHA-256');
  }
}
