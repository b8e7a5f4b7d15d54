import { list, seconds, url } from '@arena/env';
import { Wallet } from '@arena/contracts';
import { durableEnv } from '@arena/service';
import { objectStoreEnv } from '@arena/uploads';
import { z } from 'zod';

export const Env = z.object({
  ...durableEnv,
  PUBLIC_ORIGIN: url('http', 'https').describe('what clients call; the domain that sign-in messages must name'),
  CHAIN_ID: z.coerce.number().int().min(1).describe('the chain that sign-in messages must name'),
  RPC_URL: url('http', 'https').optional().describe('for signatures of contract wallets; without it they are refused'),
  ADMIN_WALLETS: list(Wallet).default([]).describe('the first admins'),
  SESSION_SECONDS: seconds().default(12 * 3_600),
  NONCE_SECONDS: seconds().default(300),
  ...objectStoreEnv,
  DATASETS_BUCKET: z.string().default('datasets'),
  AUDIT_BUCKET: z.string().default('audit'),
  UPLOAD_SECONDS: seconds()
    .default(24 * 3_600)
    .describe('how long an unfinished upload is kept'),
  URL_SECONDS: seconds().default(900).describe('how long a presigned URL works'),
});
export type Env = z.output<typeof Env>;
