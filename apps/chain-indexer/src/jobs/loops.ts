// Starts what this service does by itself: follow the chain, if no other instance does, and tell what is final.
import { type Deployment, startProviders } from '@arena/chain';
import type { Database } from '@arena/db';
import type { Logger, Registry, Shutdown } from '@arena/observe';
import { type Clock, startLoop } from '@arena/service';
import type { ChainStatus } from '../chain/status.js';
import { rpcUrls } from '../chain-env.js';
import type { Env } from '../env.js';
import { headOf } from '../store/progress.js';
import { writerLock } from '../store/writer-lock.js';
import { followed } from '../subject.js';
import { announceSome } from './announce.js';
import { createFollower } from './follow.js';
import { chainMetrics } from './metrics.js';

export interface LoopParts {
  database: Database;
  env: Env;
  deployment: Deployment;
  status: ChainStatus;
  now: Clock;
  log: Logger;
  registry: Registry;
  shutdown: Shutdown;
}

const ALARM_EVERY_MS = 60_000;

export function startChainLoops({ database, env, deployment, status, now, log, registry, shutdown }: LoopParts): void {
  const { subject, watched, startBlock } = followed(deployment);
  const providers = startProviders({ urls: rpcUrls(env), chainId: subject.chainId });
  const lock = writerLock(env.DATABASE_URL, subject.chainId);
  shutdown.add('pools', 'rpc', async () => providers.close());
  shutdown.add('pools', 'writer lock', () => lock.release());
  status.providers = () => providers.health();
  chainMetrics(registry, status, now);
  const finality = env.FINALITY;
  const follower = createFollower({ database, providers, subject, watched, startBlock, finality, status, now });
  const everyMs = env.POLL_SECONDS * 1_000;
  let alarmedAt = -Infinity;

  function alarm(): void {
    if (now().getTime() - alarmedAt < ALARM_EVERY_MS) return;
    alarmedAt = now().getTime();
    log.fatal(
      { halted: status.halted, finalised: status.finalised },
      'the chain contradicts what was final: nothing is written',
    );
  }

  async function standBy(): Promise<void> {
    status.state = 'standing-by';
    status.head = (await headOf(database.read)) ?? null;
  }

  async function follow(): Promise<number> {
    if (!(await lock.held())) {
      await standBy();
      return everyMs;
    }
    if (status.state === 'standing-by') status.state = 'starting';
    const before = status.finalised;
    const outcome = await follower.round();
    if (outcome === 'halted') alarm();
    else if (status.finalised !== before) announcer.wake();
    return outcome === 'more' ? 0 : everyMs;
  }

  /** What was final is in doubt while the chain contradicts it, and until a node has been heard. */
  async function announce(): Promise<number> {
    if (status.state !== 'following') return everyMs;
    return (await announceSome(database)) === 'nothing' ? everyMs : 0;
  }

  const announcer = startLoop({ name: 'announce', everyMs, log, shutdown, work: announce });
  startLoop({ name: 'follow', everyMs, log, shutdown, work: follow });
}
