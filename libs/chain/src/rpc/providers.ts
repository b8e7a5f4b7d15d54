// Several nodes as one. A library's own fail-over must not be trusted with money: it may mix two views of the chain in
// one answer, or take a node of another chain for ours. Here each question is answered whole by one node, of the right
// chain, and the reason why another was passed over is kept.
import { afterFault, closed, isFailing, isStale, ranked, type Circuit } from './core/circuit.js';
import type { Fault } from './core/classify.js';
import { endpoint, type Endpoint } from './endpoint.js';
import { quantity } from './quantity.js';
import type { Rpc } from './rpc.js';
import { RpcError } from './rpc-error.js';

export interface ProvidersOptions {
  /** The first is asked while it is well. */
  urls: readonly string[];
  chainId: number;
  timeoutMs?: number | undefined;
  maxBytes?: number | undefined;
  /** How often each node's head is asked; 0 asks none, and then none is known to be behind. */
  probeMs?: number | undefined;
  /** A node more blocks than this behind the furthest one comes after all others. */
  staleBlocks?: number | undefined;
}

export interface ProviderHealth {
  /** Place and host; never a key. */
  name: string;
  state: 'up' | 'stale' | 'failing' | 'wrong-chain' | 'unasked';
  head: number | null;
  failures: number;
  lastFault: Fault | null;
  /** Of the last good answer. */
  latencyMs: number | null;
}

export interface Providers extends Rpc {
  /**
   * Work whose questions are all answered by one node. An `RpcError` that it throws counts against that node, its own
   * doubts included, and the work begins anew with the next one.
   */
  use<T>(work: (node: Endpoint) => Promise<T>): Promise<T>;
  health(): ProviderHealth[];
  close(): void;
}

interface Provider {
  readonly endpoint: Endpoint;
  circuit: Circuit;
  chain: 'unknown' | 'right' | 'wrong';
  head: number | null;
  stale: boolean;
  latencyMs: number | null;
}

export function startProviders(options: ProvidersOptions): Providers {
  const { urls, chainId, timeoutMs, maxBytes, probeMs = 5_000, staleBlocks = 5 } = options;
  if (urls.length === 0) throw new RangeError('there must be one provider at least');
  const providers: Provider[] = urls.map((url, index) => ({
    endpoint: endpoint({ url, index, timeoutMs, maxBytes }),
    circuit: closed,
    chain: 'unknown',
    head: null,
    stale: false,
    latencyMs: null,
  }));

  /** Runs one question against one node and keeps what it tells of the node's health. */
  const asked = async <T>(provider: Provider, ask: (rpc: Endpoint) => Promise<T>): Promise<T> => {
    const began = performance.now();
    try {
      if (provider.chain !== 'right') await checkChain(provider, chainId);
      const answer = await ask(provider.endpoint);
      provider.circuit = closed;
      provider.latencyMs = Math.round(performance.now() - began);
      return answer;
    } catch (error) {
      if (!(error instanceof RpcError) || !isFailing(error.kind)) throw error;
      provider.circuit = afterFault(provider.circuit, error.kind, Date.now(), error.retryAfterMs);
      // Behind the same address there may be another node when it comes back.
      if (provider.chain === 'right' && error.kind !== 'rate-limited') provider.chain = 'unknown';
      throw error;
    }
  };

  const first = async <T>(ask: (rpc: Endpoint) => Promise<T>): Promise<T> => {
    let failure: RpcError | undefined;
    const order = ranked(providers, Date.now());
    const rested = order.filter(({ circuit }) => circuit.openUntil <= Date.now());
    // A question is never refused without anybody having been asked.
    for (const provider of rested.length > 0 ? rested : order.slice(0, 1)) {
      try {
        return await asked(provider, ask);
      } catch (error) {
        if (!(error instanceof RpcError) || !isFailing(error.kind)) throw error;
        failure = error;
      }
    }
    throw failure ?? new RpcError('unreachable', `no provider is of chain ${chainId}`);
  };

  const probe = async (provider: Provider) => {
    if (provider.circuit.openUntil > Date.now()) return;
    try {
      provider.head = await asked(provider, rpc => rpc.call('eth_blockNumber', [], quantity));
    } catch {
      provider.head = null;
    }
    const furthest = Math.max(...providers.map(({ head }) => head ?? 0));
    for (const each of providers) each.stale = isStale(each.head, furthest, staleBlocks);
  };
  const probeAll = () => providers.forEach(provider => void probe(provider));
  const timer = probeMs > 0 ? setInterval(probeAll, probeMs).unref() : undefined;
  if (timer) probeAll();

  return {
    use: first,
    call: (method, params, parse) => first(rpc => rpc.call(method, params, parse)),
    batch: (questions, parse) => first(rpc => rpc.batch(questions, parse)),
    health: () => providers.map(healthOf),
    close: () => clearInterval(timer),
  };
}

async function checkChain(provider: Provider, expected: number): Promise<void> {
  const chainId = await provider.endpoint.call('eth_chainId', [], quantity);
  provider.chain = chainId === expected ? 'right' : 'wrong';
  if (provider.chain === 'right') return;
  throw new RpcError('bad-answer', `${provider.endpoint.name} is of chain ${chainId}, not ${expected}`);
}

function healthOf({ endpoint: { name }, circuit, chain, head, stale, latencyMs }: Provider): ProviderHealth {
  const { failures, lastFault } = circuit;
  const asked = chain === 'unknown' ? 'unasked' : 'up';
  const state = chain === 'wrong' ? 'wrong-chain' : failures > 0 ? 'failing' : stale ? 'stale' : asked;
  return { name, state, head, failures, lastFault, latencyMs };
}
