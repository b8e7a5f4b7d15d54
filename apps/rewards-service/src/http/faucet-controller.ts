import { accountOf } from '@arena/auth';
import type { Wallet } from '@arena/contracts';
import { type Database, type Sql, uuidV7 } from '@arena/db';
import { Handles, type Call } from '@arena/http';
import { DomainError } from '@arena/problem';
import { CLOCK, DATABASE, ENV, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { gifts, type Faucet } from '../chain/faucet.js';
import type { Env } from '../env.js';
import { addGrant, findGrant, type GrantRow } from '../store/faucet-grants.js';
import { FAUCET } from '../tokens.js';

@Controller()
export class FaucetController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(FAUCET) private readonly faucet: Faucet | null,
  ) {}

  @Handles('faucet.get')
  get(_: Call<'faucet.get'>) {
    const { FAUCET_TOKENS, FAUCET_GAS, FAUCET_GRANTS_PER_DAY } = this.env;
    return {
      open: this.faucet !== null,
      tokens: String(FAUCET_TOKENS),
      gas: String(FAUCET_GAS),
      grantsPerDay: FAUCET_GRANTS_PER_DAY,
    };
  }

  @Handles('faucet.ask')
  async ask({ caller, tx }: Call<'faucet.ask'>) {
    const { faucet, env } = this;
    if (!faucet) throw new DomainError('faucet/closed');
    const wanted: GrantRow = {
      ...{ id: uuidV7(), account: accountOf(caller) as Wallet, asked_at: this.now() },
      ...{ tokens: env.FAUCET_TOKENS, gas: env.FAUCET_GAS },
    };
    const grant = await addGrant(tx, wanted, env.FAUCET_GRANTS_PER_DAY);
    if (!grant) throw new DomainError('faucet/limit', { detail: 'The next day begins at midnight UTC.' });
    await faucet.give(tx, grant);
    return this.view(tx, grant);
  }

  @Handles('faucet.grants.get')
  async grant({ caller, params }: Call<'faucet.grants.get'>) {
    const grant = await findGrant(this.database.read, params.grant);
    if (!grant || grant.account !== accountOf(caller)) throw new DomainError('resource/not-found');
    return this.view(this.database.read, grant);
  }

  private async view(sql: Sql, { id, account, tokens, gas, asked_at }: GrantRow) {
    const transactions = [];
    for (const gives of gifts) {
      const fate = await this.faucet?.fateOf(sql, id, gives);
      if (fate) transactions.push({ gives, ...fate });
    }
    return {
      grant: id,
      account: account as Wallet,
      tokens: String(tokens),
      gas: String(gas),
      askedAt: asked_at.toISOString(),
      transactions,
    };
  }
}
