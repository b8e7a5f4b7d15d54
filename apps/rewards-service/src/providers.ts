import { gauge, type Logger, type Registry, type Shutdown } from '@arena/observe';
import { ENV, LOG, REGISTRY, SHUTDOWN } from '@arena/service';
import type { Provider } from '@nestjs/common';
import { openFaucet, type Faucet } from './chain/faucet.js';
import type { Env } from './env.js';
import { FAUCET } from './tokens.js';

export const providers: Provider[] = [
  {
    provide: FAUCET,
    inject: [ENV, LOG, SHUTDOWN, REGISTRY],
    useFactory: (env: Env, log: Logger, shutdown: Shutdown, registry: Registry): Faucet | null => {
      const faucet = openFaucet(env, err => log.warn({ err }, 'a transaction could not be moved on; it comes again'));
      if (!faucet) return null;
      shutdown.add('workers', 'faucet', () => faucet.close());
      measure(registry, faucet);
      return faucet;
    },
  },
];

function measure(registry: Registry, { submitter }: Faucet): void {
  gauge(registry, {
    name: 'transactions_open',
    help: 'Transactions that are wanted and not final yet',
    collect: async () => (await submitter.gauges()).open,
  });
  gauge(registry, {
    name: 'transactions_stuck_seconds',
    help: 'Age of the oldest that is in no block',
    collect: async () => (await submitter.gauges()).stuckSeconds,
  });
  gauge(registry, {
    name: 'transactions_sender_balance_coins',
    help: 'What the sender has left for gas',
    collect: async () => Number((await submitter.gauges()).balance ?? 0n) / 1e18,
  });
}
