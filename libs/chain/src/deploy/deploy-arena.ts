// Puts the arena on a chain, once. What is half done when we die is continued by the next run, or, where that cannot be,
// left alone without anybody knowing its addresses; only a deployment that was checked whole gets its file.
import { existsSync } from 'node:fs';
import { Wallet } from 'ethers';
import { crashPoint } from '@arena/db';
import { z } from 'zod';
import { Deployment } from '../deployment.js';
import { readDeployment } from '../read-deployment.js';
import { startProviders } from '../rpc/providers.js';
import { bigQuantity, quantity } from '../rpc/quantity.js';
import type { Rpc } from '../rpc/rpc.js';
import { checkRoles, checkWiring } from './check.js';
import { type Journal, readJournal, removeJournal, writeJournal, writeWhole } from './journal.js';
import type { Parameters, Roles } from './parameters.js';
import { fingerprint, planOf } from './plan.js';
import { sendStep, signStep, type Sending } from './send-step.js';

export interface DeployOptions {
  rpcUrl: string;
  chainId: number;
  /** The private key of the deployer, who pays and in the end may do nothing. */
  key: string;
  parameters: Parameters;
  roles: Roles;
  /** Where the deployment is written, and read on the next run. */
  file: string;
  /** Mines each transaction by itself: for development chains. */
  mine?: boolean;
  pollMs?: number;
  timeoutMs?: number;
  report?: (line: string) => void;
}

export class NotDeployed extends Error {
  override readonly name = 'NotDeployed';
}

const Head = z.object({ number: quantity, timestamp: bigQuantity });

/** `fresh`: this run finished it; otherwise it was there and was found whole. */
export async function deployArena(options: DeployOptions): Promise<{ deployment: Deployment; fresh: boolean }> {
  const { rpcUrl, chainId, key, file, mine = false, pollMs = 500, timeoutMs = 600_000 } = options;
  const rpc = startProviders({ urls: [rpcUrl], chainId, probeMs: 0 });
  try {
    if (existsSync(file)) return { deployment: await verifyExisting(rpc, options), fresh: false };
    const sending: Sending = { rpc, signer: new Wallet(key), chainId, mine, pollMs, timeoutMs };
    return { deployment: await deploy(sending, options), fresh: true };
  } finally {
    rpc.close();
  }
}

async function verifyExisting(rpc: Rpc, { file, chainId }: DeployOptions): Promise<Deployment> {
  const deployment = readDeployment(file);
  if (deployment.chainId !== chainId)
    throw new NotDeployed(`${file} is of chain ${deployment.chainId}, not ${chainId}`);
  const faults = await checkWiring(rpc, deployment);
  if (faults.length > 0) throw new NotDeployed(`${file} does not fit the chain: ${faults.join('; ')}`);
  return deployment;
}

async function deploy(sending: Sending, options: DeployOptions): Promise<Deployment> {
  const { parameters, roles, file, chainId, report = () => undefined } = options;
  const deployer = sending.signer.address.toLowerCase();
  const journal = (await continued(sending, options, deployer)) ?? (await begun(sending, options, deployer));
  const { firstNonce, genesis } = journal;
  const plan = planOf({ deployer, firstNonce, genesis: BigInt(genesis), parameters, roles });

  for (const [index, step] of plan.steps.entries()) {
    let signed = journal.sent[index];
    if (!signed) {
      signed = await signStep(sending, step, firstNonce + index);
      journal.sent.push(signed);
      writeJournal(file, journal);
      crashPoint('deploy.signed');
      report(`${index + 1}/${plan.steps.length} ${step.name}`);
    }
    await sendStep(sending, step, signed);
    crashPoint('deploy.sent');
  }

  const deployment = Deployment.parse({ chainId, startBlock: journal.startBlock, contracts: plan.contracts });
  const faults = [
    ...(await checkWiring(sending.rpc, deployment)),
    ...(await checkRoles(sending.rpc, deployment, roles)),
  ];
  if (faults.length > 0) throw new NotDeployed(`the deployment is not what it should be: ${faults.join('; ')}`);
  crashPoint('deploy.checked');
  writeWhole(file, deployment);
  removeJournal(file);
  return deployment;
}

/** The journal of a run that was killed, if all that it signed is or still can be on the chain. */
async function continued({ rpc }: Sending, options: DeployOptions, deployer: string): Promise<Journal | undefined> {
  const journal = readJournal(options.file);
  if (!journal) return undefined;
  const fits =
    journal.fingerprint === fingerprint(options.parameters, options.roles) &&
    journal.chainId === options.chainId &&
    journal.deployer === deployer;
  if (!fits) return undefined;
  const used = await rpc.call('eth_getTransactionCount', [deployer, 'latest'], quantity);
  const questions = journal.sent.map(({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
  const receipts = await rpc.batch(questions, z.looseObject({ status: z.string() }).nullable());
  // Each nonce that is used must be used by us, and well; the others are free for what we signed.
  const usedByUs = Array.from({ length: Math.max(0, used - journal.firstNonce) }, (_, index) => receipts[index]);
  const whole = used >= journal.firstNonce && usedByUs.every(receipt => receipt?.status === '0x1');
  options.report?.(
    whole ? 'continuing an unfinished deployment' : 'what was begun cannot be continued: starting afresh',
  );
  return whole ? journal : undefined;
}

async function begun({ rpc }: Sending, options: DeployOptions, deployer: string): Promise<Journal> {
  const { parameters, roles, chainId, file } = options;
  const count = (tag: string) => rpc.call('eth_getTransactionCount', [deployer, tag], quantity);
  const [head, firstNonce, pending] = [
    await rpc.call('eth_getBlockByNumber', ['latest', false], Head),
    await count('latest'),
    await count('pending'),
  ];
  if (pending !== firstNonce) throw new NotDeployed('the deployer has transactions under way: wait for them');
  const genesis = parameters.genesis ?? head.timestamp - (head.timestamp % parameters.epochLength);
  const journal: Journal = {
    ...{ fingerprint: fingerprint(parameters, roles), chainId, deployer, firstNonce },
    ...{ startBlock: head.number + 1, genesis: String(genesis), sent: [] },
  };
  writeJournal(file, journal);
  crashPoint('deploy.begun');
  return journal;
}
