import { gauge, type Registry } from '@arena/observe';
import type { Clock } from '@arena/service';
import type { ChainStatus } from '../chain/status.js';

/** What an operator watches. `chain_halted` is the alarm; a growing lag or silence is the warning. */
export function chainMetrics(registry: Registry, status: ChainStatus, now: Clock): void {
  const told = (name: string, help: string, collect: () => number | null | undefined) =>
    gauge(registry, { name, help, collect: () => collect() ?? Number.NaN });
  const secondsSince = (at: Date | undefined | null) => at && (now().getTime() - at.getTime()) / 1_000;

  told('chain_head', 'Newest block that is applied', () => status.head?.number);
  told('chain_finalised', 'Newest applied block that can not be undone', () => status.finalised);
  told('chain_node_head', 'Newest block that a node has told of', () => status.nodeHead?.number);
  told('chain_lag_blocks', 'Blocks told of and not applied yet', () => status.lagBlocks);
  told('chain_lag_seconds', 'Age of the newest block that is applied', () => secondsSince(status.head?.at));
  told('chain_silent_seconds', 'Since when no node has told where it is', () => secondsSince(status.heardAt));
  told('chain_facts', 'Events applied since the start of the process; their rate is events/s', () => status.facts);
  told('chain_rewinds', 'Reorganisations followed since the start of the process', () => status.rewinds);
  told('chain_halts', 'Times that the chain contradicted what was final', () => status.halts);
  told('chain_halted', '1 while nothing is written because the chain contradicts what was final', () =>
    status.state === 'halted' ? 1 : 0,
  );
  gauge(registry, {
    name: 'chain_provider_failures',
    help: 'Failures in a row of a node; 0 while it is well',
    labels: ['provider'],
    collect: () => status.providers().map(({ name, failures }) => ({ labels: { provider: name }, value: failures })),
  });
}
