import { seconds, url } from '@arena/env';
import { durableEnv } from '@arena/service';
import { z } from 'zod';
import { chainEnv } from './chain-env.js';

export const Env = z.object({
  ...durableEnv,
  ...chainEnv,
  PUBLIC_RPC_URL: url().optional().describe('a node that wallets may use, told by GET /v1/chain/status'),
  POLL_SECONDS: seconds().default(1).describe('how often the head of the chain is looked for'),
});
export type Env = z.output<typeof Env>;
