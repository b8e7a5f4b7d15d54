import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { startChild, untilReady } from './child.js';
import { onPort } from './on-port.js';
import { ServerError } from './server-error.js';
import { foreign, ownOf, type Server } from './server.js';

/** The mnemonic that every Ethereum developer tool knows: its keys are public, and worth nothing outside development. */
export const DEV_MNEMONIC = 'test test test test test test test test test test test junk';
export const DEV_CHAIN_ID = 31337;

export interface AnvilOptions {
  url?: string | undefined;
  log: string;
  port?: number | undefined;
  /** Where the chain is kept between runs; without it every run starts at block 0. */
  state?: string;
  /** Seconds between blocks; without it a block is mined for each transaction. */
  blockTime?: number;
}

function anvilProgram(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
    return createRequire(wrapper).resolve(`${name}/bin/anvil${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    throw new ServerError(
      `there is no ${name}: run "npm ci" with optional packages, or set RPC_URL to a chain of yours`,
    );
  }
}

export async function chainId(url: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    signal: AbortSignal.timeout(2_000),
  });
  return Number(z.object({ result: z.string() }).parse(await response.json()).result);
}

export async function startAnvil(options: AnvilOptions): Promise<Server & { chainId: number }> {
  if (options.url !== undefined) {
    const id = await chainId(options.url).catch(() => undefined);
    if (id !== undefined) return { ...foreign(options.url), chainId: id };
    throw new ServerError('RPC_URL is set, and no chain answers there: start it, or unset RPC_URL');
  }
  const command = anvilProgram();
  const { state, blockTime } = options;
  if (state) await mkdir(dirname(state), { recursive: true });
  // Finality follows the head by two slots, so that "only what is finalised" can be seen within seconds.
  const args = ['--host', '127.0.0.1', '--chain-id', String(DEV_CHAIN_ID), '--slots-in-an-epoch', '1'];
  args.push('--mnemonic', DEV_MNEMONIC);
  if (state) args.push('--state', state, '--state-interval', '10', '--preserve-historical-states');
  if (blockTime) args.push('--block-time', String(blockTime));
  return onPort({ port: options.port, who: 'anvil', remedy: 'stop what uses it' }, async port => {
    const child = await startChild({
      name: 'anvil',
      command,
      args: [...args, '--port', String(port)],
      log: options.log,
      cwd: state ? join(state, '..') : dirname(options.log),
      signals: ['SIGINT', 'SIGTERM'],
    });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(child, async () => (await chainId(url)) === DEV_CHAIN_ID, 30_000);
    return { ...ownOf(url, child), chainId: DEV_CHAIN_ID };
  });
}
