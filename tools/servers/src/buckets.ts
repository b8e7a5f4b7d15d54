import { Client } from 'minio';

export interface S3Credentials {
  accessKey: string;
  secretKey: string;
}

export interface S3Address extends S3Credentials {
  endpoint: string;
  region: string;
}

function client({ endpoint, ...rest }: S3Address): Client {
  const { protocol, hostname, port } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  return new Client({ endPoint: hostname, port: Number(port || (useSSL ? 443 : 80)), useSSL, ...rest });
}

/** Makes those buckets that are not there yet; another process may make them at the same moment. */
export async function createBuckets(address: S3Address, buckets: readonly string[]): Promise<void> {
  const s3 = client(address);
  for (const bucket of buckets) {
    if (await s3.bucketExists(bucket)) continue;
    await s3.makeBucket(bucket, address.region).catch(async (error: unknown) => {
      if (!(await s3.bucketExists(bucket))) throw error;
    });
  }
}

export async function s3Answers(address: S3Address): Promise<boolean> {
  await client(address).listBuckets();
  return true;
}
