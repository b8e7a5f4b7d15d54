import { join } from 'node:path';
import { EnvError, list, port, readEnv, url } from '@arena/env';
import { ServerError } from '@arena/servers';
import { z } from 'zod';
import { repository } from '../parts/folder.js';
import type { External } from '../parts/ground.js';

const schema = z.object({
  ARENA_FOLDER: z.string().default(join(repository, '.arena')),
  ARENA_PORT: port().default(8080),
  DATABASE_URL: url('postgresql', 'postgres').optional(),
  REDIS_URL: url('redis', 'rediss').optional(),
  S3_ENDPOINT: url('http', 'https').optional(),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  RPC_URL: url('http', 'https').optional(),
  DEPLOYMENT_FILE: z.string().optional(),
  LOG_LEVEL: z.string().optional(),
  ADMIN_WALLETS: list(z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'is not a list of wallet addresses')).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https').optional(),
});

export interface Environment {
  /** Where the stack keeps everything. */
  folder: string;
  port: number;
  external: External;
  /** Settings that every service is given as they are. */
  passedOn: Record<string, string>;
}

export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const env = readEnv(schema, source);
  const { S3_ENDPOINT: endpoint, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey, S3_REGION: region } = env;
  if (endpoint && !(accessKey && secretKey)) {
    throw new ServerError('S3_ENDPOINT is set without S3_ACCESS_KEY and S3_SECRET_KEY: set them, or unset it');
  }
  const passedOn = {
    LOG_LEVEL: env.LOG_LEVEL,
    ADMIN_WALLETS: env.ADMIN_WALLETS?.join(',').toLowerCase(),
    OTEL_EXPORTER_OTLP_ENDPOINT: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
  return {
    folder: env.ARENA_FOLDER,
    port: env.ARENA_PORT,
    external: {
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      rpcUrl: env.RPC_URL,
      deploymentFile: env.DEPLOYMENT_FILE,
      s3: endpoint && accessKey && secretKey ? { endpoint, accessKey, secretKey, region } : undefined,
    },
    passedOn: Object.fromEntries(
      Object.entries(passedOn).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

/** What a person is to read as it is; everything else is a defect of ours and keeps its stack trace. */
export const isForPeople = (error: unknown): error is Error =>
  error instanceof ServerError || error instanceof EnvError;
