import type { Deployment } from '@arena/chain';
import { Handles, type HandlerAnswer } from '@arena/http';
import { DATABASE, ENV } from '@arena/service';
import type { Database } from '@arena/db';
import { Controller, Inject } from '@nestjs/common';
import { ChainStatus } from '../chain/status.js';
import type { Env } from '../env.js';
import { readReach } from '../store/read-place.js';
import { DEPLOYMENT } from '../tokens.js';

@Controller()
export class StatusController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ChainStatus) private readonly status: ChainStatus,
    @Inject(DEPLOYMENT) private readonly deployment: Deployment,
    @Inject(ENV) private readonly env: Pick<Env, 'PUBLIC_RPC_URL'>,
  ) {}

  @Handles('chain.status')
  async read(): Promise<HandlerAnswer<'chain.status'>> {
    const { state, halted, head, nodeHead, lagBlocks, providers } = this.status.snapshot();
    const reach = await readReach(this.database.read);
    const { chainId, startBlock, contracts } = this.deployment;
    const seconds = head && nodeHead ? Math.max(0, (nodeHead.at.getTime() - head.at.getTime()) / 1_000) : 0;
    return {
      chainId,
      rpc: this.env.PUBLIC_RPC_URL ?? null,
      contracts,
      startBlock,
      head: head && { block: head.number, hash: head.hash, time: head.at.toISOString() },
      finalised: reach ? Number(reach.finalised) : null,
      announced: reach ? Number(reach.announced) : null,
      lag: lagBlocks === null ? null : { blocks: lagBlocks, seconds },
      providers: providers.map(one => ({ name: one.name, state: one.state, head: one.head })),
      state,
      halted,
    };
  }
}
