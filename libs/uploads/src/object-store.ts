import { url } from '@arena/env';
import { openObjects, type Objects } from '@arena/objects';
import { z } from 'zod';

/** What a service needs to reach the object store; its buckets are its own to name. */
export const objectStoreEnv = {
  S3_ENDPOINT: url('http', 'https'),
  S3_PUBLIC_ENDPOINT: url('http', 'https').optional().describe('what clients reach, when it differs'),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY: z.string().min(1),
  S3_SECRET_KEY: z.string().min(1),
};

export type ObjectStoreEnv = z.output<z.ZodObject<typeof objectStoreEnv>>;

export const openObjectStore = (env: ObjectStoreEnv): Objects =>
  openObjects({
    endpoint: env.S3_ENDPOINT,
    ...(env.S3_PUBLIC_ENDPOINT === undefined ? {} : { publicEndpoint: env.S3_PUBLIC_ENDPOINT }),
    region: env.S3_REGION,
    accessKey: env.S3_ACCESS_KEY,
    secretKey: env.S3_SECRET_KEY,
  });
