import { list, url } from '@arena/env';
import { durableEnv } from '@arena/service';
import { z } from 'zod';

const rpc = () => url('http', 'https');
const wei = () =>
  z
    .string()
    .regex(/^\d{1,40}$/, 'is not an amount: expected wei')
    .transform(BigInt);

/** Chains whose coins and tokens are worth nothing. */
export const developmentChains = [31_337, 1_337];

export const Env = z
  .object({
    ...durableEnv,
    RPC_URLS: list(rpc()).default([]).describe('nodes of the chain; the first is asked while it is well'),
    RPC_URL: rpc().optional().describe('the same, for one node'),
    CHAIN_ID: z.coerce.number().int().min(1).optional().describe('a node of another chain is not believed'),
    DEPLOYMENT_FILE: z.string().min(1).optional().describe('where the contracts are, as the deploy script wrote it'),
    FINALITY: z
      .union([z.literal('tag'), z.coerce.number().int().min(1).max(4_096)])
      .default('tag')
      .describe('what can not be undone: `tag`, what the node calls finalised; or how many blocks lie on top'),
    FAUCET_KEY: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, 'is not a private key')
      .optional()
      .describe('opens the faucet, which gives away what this key has; on development chains only'),
    FAUCET_TOKENS: wei()
      .default(10_000n * 10n ** 18n)
      .describe('test tokens in one grant, in wei'),
    FAUCET_GAS: wei()
      .default(10n ** 17n)
      .describe('coins for gas in one grant, in wei'),
    FAUCET_GRANTS_PER_DAY: z.coerce.number().int().min(1).max(1_000).default(5).describe('for one account'),
  })
  .superRefine((env, context) => {
    if (env.FAUCET_KEY === undefined) return;
    const refuse = (variable: string, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message: `${message}, and FAUCET_KEY is set` });
    if (env.CHAIN_ID === undefined || !developmentChains.includes(env.CHAIN_ID)) {
      refuse('CHAIN_ID', 'is not that of a development chain');
    }
    if (env.DEPLOYMENT_FILE === undefined) refuse('DEPLOYMENT_FILE', 'is missing');
    if (env.RPC_URL === undefined && env.RPC_URLS.length === 0) refuse('RPC_URL', 'is missing');
  });
export type Env = z.output<typeof Env>;
