import { Client } from 'minio';
import { accessRules } from './access.js';
import { bucketRules } from './buckets.js';
import { listingRules } from './listing.js';
import { multipartRules } from './multipart.js';
import { objectRules } from './objects.js';
import { RawS3, values } from './raw.js';
import { expectStatus, type Rule, type Target } from './rule.js';
import type { Credentials } from './signer.js';

export type { Rule, Target } from './rule.js';

/** Everything that our services rely on, whatever the server. */
export const rules: readonly Rule[] = [
  ...bucketRules,
  ...objectRules,
  ...listingRules,
  ...multipartRules,
  ...accessRules,
];

export async function openTarget(endpoint: string, credentials: Credentials): Promise<Target> {
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  const minio = new Client({
    endPoint: hostname,
    port: Number(port) || (useSSL ? 443 : 80),
    useSSL,
    accessKey: credentials.accessKey,
    secretKey: credentials.secretKey,
    region: credentials.region,
    retryOptions: { disableRetry: true },
  });
  const target = { bucket: `conformance-${Date.now().toString(36)}`, raw: new RawS3(endpoint, credentials), minio };
  expectStatus(await target.raw.call('PUT', target.bucket), 200);
  return target;
}

const unescape = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));

export async function closeTarget({ raw, bucket }: Target): Promise<void> {
  for (;;) {
    const query = { 'list-type': '2', 'encoding-type': 'url' };
    const keys = values((await raw.call('GET', bucket, '', { query })).text, 'Key').map(unescape);
    if (keys.length === 0) break;
    for (const key of keys) expectStatus(await raw.call('DELETE', bucket, key), 204);
  }
  const { text } = await raw.call('GET', bucket, '', { query: { uploads: '' } });
  const ids = values(text, 'UploadId');
  for (const [at, key] of values(text, 'Key').entries()) {
    await raw.call('DELETE', bucket, unescape(key), { query: { uploadId: ids[at] ?? '' } });
  }
  expectStatus(await raw.call('DELETE', bucket), 204);
}
