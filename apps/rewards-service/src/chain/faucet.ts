// The faucet's two transactions for a grant: coins for gas, and tokens. Both are written with the grant and sent later.
import { callData, readDeployment, startProviders, startSubmitter, type Fate, type Submitter } from '@arena/chain';
import type { Sql } from '@arena/db';
import { Wallet } from 'ethers';
import type { Env } from '../env.js';

export const gifts = ['gas', 'tokens'] as const;
export type Gift = (typeof gifts)[number];

export interface Grant {
  id: string;
  account: string;
  tokens: bigint;
  gas: bigint;
}

export interface Faucet {
  readonly submitter: Submitter;
  /** In the transaction that keeps the grant. */
  give(tx: Sql, grant: Grant): Promise<void>;
  fateOf(sql: Sql, id: string, gift: Gift): Promise<Fate | undefined>;
  close(): Promise<void>;
}

const keyOf = (id: string, gift: Gift) => `faucet:${id}:${gift}`;

/** Null where no key opens one. */
export function openFaucet(env: Env, onError: (error: Error) => void): Faucet | null {
  const { FAUCET_KEY, CHAIN_ID, DEPLOYMENT_FILE, RPC_URL, RPC_URLS, FINALITY, DATABASE_URL } = env;
  if (FAUCET_KEY === undefined || CHAIN_ID === undefined || DEPLOYMENT_FILE === undefined) return null;
  const { contracts } = readDeployment(DEPLOYMENT_FILE);
  const rpc = startProviders({ urls: [...RPC_URLS, ...(RPC_URL ? [RPC_URL] : [])], chainId: CHAIN_ID });
  const submitter = startSubmitter({
    ...{ databaseUrl: DATABASE_URL, rpc, chainId: CHAIN_ID, signer: new Wallet(FAUCET_KEY), onError },
    finality: FINALITY === 'tag' ? 'finalized' : { confirmations: FINALITY },
  });
  return {
    submitter,
    async give(tx, { id, account, tokens, gas }) {
      const transfer = callData('token', 'transfer', [account, tokens]);
      await submitter.submit(tx, { key: keyOf(id, 'gas'), to: account, data: '0x', value: gas });
      await submitter.submit(tx, { key: keyOf(id, 'tokens'), to: contracts.token, data: transfer });
    },
    fateOf: (sql, id, gift) => submitter.fateOf(sql, keyOf(id, gift)),
    close: async () => {
      await submitter.close();
      rpc.close();
    },
  };
}
