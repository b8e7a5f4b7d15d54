// Sends what services have decided to the chain, each intent once, whatever dies in between. One process per key sends;
// the others wait for its lock.
import { pgDatabase, type Sql } from '@arena/db';
import { bigQuantity } from '../rpc/quantity.js';
import type { Rpc } from '../rpc/rpc.js';
import { lookAt, type Finality } from './chain-view.js';
import { decide, type Settings } from './core/decide.js';
import { startLeader } from './leader.js';
import { NotOurs, openIntents, type Sender } from './store.js';
import { perform, type Stand } from './steps.js';
import type { TransactionSigner } from './signer.js';
import { fateOf, writeIntent, type Fate, type Wanted } from './submit.js';

export interface SubmitterOptions {
  /** Of the runtime role of the service in whose schema the tables are. */
  databaseUrl: string;
  rpc: Rpc;
  chainId: number;
  signer: TransactionSigner;
  finality?: Finality;
  everyMs?: number;
  /** Transactions under way at once; what is waiting waits. */
  most?: number;
  patienceMs?: number;
  retryMs?: number;
  settings?: Partial<Settings>;
  onError?: (error: Error) => void;
}

export interface SubmitterGauges {
  /** Whether this process is the one that sends. */
  leading: boolean;
  open: number;
  /** Age of the oldest intent that is not on chain yet. */
  stuckSeconds: number;
  /** Of the sender, in wei; null while no node answers. */
  balance: bigint | null;
}

export interface Submitter {
  readonly address: string;
  /** In the caller's transaction: it is sent if, and only if, that commits. */
  submit(tx: Sql, wanted: Wanted): Promise<void>;
  fateOf(sql: Sql, key: string): Promise<Fate | undefined>;
  /** There is something to send: looks at once rather than at its time. */
  wake(): void;
  gauges(): Promise<SubmitterGauges>;
  close(): Promise<void>;
}

const GWEI = 1_000_000_000n;
const defaults: Settings = { maxFeeCap: 500n * GWEI, minTip: GWEI / 100n, rebroadcastMs: 15_000, bumpMs: 60_000 };

export function startSubmitter(options: SubmitterOptions): Submitter {
  const { databaseUrl, rpc, chainId, signer, finality = 'finalized', everyMs = 1_000, most = 16 } = options;
  const { patienceMs = 600_000, retryMs = 5_000, onError = () => undefined } = options;
  const settings = { ...defaults, ...options.settings };
  const sender: Sender = { chainId, address: signer.address.toLowerCase() };
  const database = pgDatabase({ url: databaseUrl, max: 2, applicationName: 'arena submitter' });
  const stand: Stand = { database, rpc, signer, sender, patienceMs, retryMs };

  const round = async (): Promise<void> => {
    const open = await openIntents(database.read, sender, most);
    if (open.length === 0) return;
    const hashes = open.flatMap(({ attempts }) => attempts.map(({ hash }) => hash));
    const sight = await lookAt(rpc, sender.address, finality, hashes);
    for (const each of open) {
      if (!leader.leads()) return;
      try {
        const now = Date.now();
        await perform(stand, each, decide(each.state, sight, settings, now), sight, now);
      } catch (error) {
        // One intent must not hold up the others, unless we are not the ones to send.
        if (error instanceof NotOurs) throw error;
        onError(error as Error);
      }
    }
  };

  let stopped = false;
  let woken = false;
  let cut = () => {};
  const rest = () =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, stopped || woken ? 0 : everyMs);
      cut = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const wake = () => {
    woken = true;
    cut();
  };
  const name = `submitter:${chainId}:${sender.address}`;
  const leader = startLeader({ databaseUrl, name, onLeading: wake, onError });
  const running = (async () => {
    while (!stopped) {
      woken = false;
      if (leader.leads()) await round().catch(onError);
      if (!stopped) await rest();
    }
  })();

  return {
    address: sender.address,
    submit: (tx, wanted) => writeIntent(tx, sender, wanted),
    fateOf,
    wake,
    gauges: async () => {
      const [row] = await database.read.query<{ open: bigint; stuck: number }>(
        `select count(*) as open, coalesce(extract(epoch from now() - min(created_at)
           filter (where status <> 'mined')), 0)::float8 as stuck
         from chain_intents where chain_id = $1 and sender = $2 and status not in ('done', 'failed')`,
        [chainId, sender.address],
      );
      const balance = await rpc.call('eth_getBalance', [sender.address, 'latest'], bigQuantity).catch(() => null);
      return { leading: leader.leads(), open: Number(row?.open ?? 0n), stuckSeconds: row?.stuck ?? 0, balance };
    },
    close: async () => {
      stopped = true;
      cut();
      await running;
      await leader.close();
      await database.close();
    },
  };
}
