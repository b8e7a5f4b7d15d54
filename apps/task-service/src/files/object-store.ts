import { openObjects, type Objects } from '@arena/objects';
import type { Env } from '../env.js';

export type ObjectStoreEnv = Pick<
  Env,
  'S3_ENDPOINT' | 'S3_PUBLIC_ENDPOINT' | 'S3_REGION' | 'S3_ACCESS_KEY' | 'S3_SECRET_KEY'
>;

export const openObjectStore = (env: ObjectStoreEnv): Objects =>
  openObjects({
    endpoint: env.S3_ENDPOINT,
    ...(env.S3_PUBLIC_ENDPOINT === undefined ? {} : { publicEndpoint: env.S3_PUBLIC_ENDPOINT }),
    region: env.S3_REGION,
    accessKey: env.S3_ACCESS_KEY,
    secretKey: env.S3_SECRET_KEY,
  });
