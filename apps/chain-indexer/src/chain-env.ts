// Which chain, through which nodes: for the service, the rebuild, and processes that only follow.
import { list, url } from '@arena/env';
import { z } from 'zod';

const rpc = () => url('http', 'https');

export const chainEnv = {
  RPC_URLS: list(rpc()).default([]).describe('nodes of the chain; the first is asked while it is well'),
  RPC_URL: rpc().optional().describe('the same, for one node'),
  CHAIN_ID: z.coerce.number().int().min(1).describe('a node of another chain is not believed'),
  DEPLOYMENT_FILE: z.string().min(1).describe('where the contracts are, as the deploy script wrote it'),
  FINALITY: z
    .union([z.literal('tag'), z.coerce.number().int().min(1).max(4_096)])
    .default('tag')
    .describe('what can not be undone: `tag`, what the node calls finalised; or how many blocks lie on top'),
};

type ChainEnv = z.output<z.ZodObject<typeof chainEnv>>;

export function rpcUrls(env: Pick<ChainEnv, 'RPC_URLS' | 'RPC_URL'>): string[] {
  const urls = env.RPC_URL === undefined ? env.RPC_URLS : [...env.RPC_URLS, env.RPC_URL];
  if (urls.length === 0) throw new Error('neither RPC_URLS nor RPC_URL is set: there is no node to ask');
  return [...new Set(urls)];
}
