// What this indexer follows, of the deployment file.
import { createHash } from 'node:crypto';
import { type Deployment, readDeployment } from '@arena/chain';
import { contractNames, watchedOf } from './core/events.js';
import type { Watched } from './core/check-logs.js';
import type { Subject } from './store/progress.js';

export interface Followed {
  readonly subject: Subject;
  readonly watched: Watched;
  readonly startBlock: number;
}

export function followed({ chainId, startBlock, contracts }: Deployment): Followed {
  const about = [startBlock, ...contractNames.map(name => contracts[name])].join();
  const deployment = createHash('sha256').update(about).digest('hex');
  return { subject: { chainId, deployment }, watched: watchedOf(contracts), startBlock };
}

/** The deployment file, if it is of the chain that was asked for. */
export function deploymentOf(env: { DEPLOYMENT_FILE: string; CHAIN_ID: number }): Deployment {
  const deployment = readDeployment(env.DEPLOYMENT_FILE);
  if (deployment.chainId === env.CHAIN_ID) return deployment;
  throw new Error(`${env.DEPLOYMENT_FILE} is of chain ${deployment.chainId}, not ${env.CHAIN_ID}`);
}
