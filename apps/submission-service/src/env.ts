import { seconds } from '@arena/env';
import { durableEnv } from '@arena/service';
import { objectStoreEnv } from '@arena/uploads';
import { z } from 'zod';

export const Env = z.object({
  ...durableEnv,
  ...objectStoreEnv,
  QUARANTINE_BUCKET: z.string().default('quarantine').describe('models as their trainers uploaded them'),
  BLIND_BUCKET: z.string().default('blind').describe('models as validators get them'),
  DATASETS_BUCKET: z.string().default('datasets').describe('for starter models; only read'),
  UPLOAD_SECONDS: seconds()
    .default(24 * 3_600)
    .describe('how long an unfinished upload is kept'),
  URL_SECONDS: seconds().default(900).describe('how long a presigned URL works'),
  INTAKE_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2).describe('models inspected at once'),
  INTAKE_FOLDER: z
    .string()
    .min(1)
    .optional()
    .describe('where models lie while they are read; without it where the system has temporary files'),
  INTAKE_SCRATCH_MB: z.coerce.number().int().min(16).default(12_288).describe('what may lie there at once'),
  INTAKE_MEMORY_MB: z.coerce.number().int().min(128).default(768).describe('of the process that reads one model'),
});
export type Env = z.output<typeof Env>;
