import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeExit, freePort, leash, startChild, type Exit } from '@arena/servers';
import { waitFor } from './wait-for.js';

export interface SpawnOptions {
  app: string;
  env: Record<string, string>;
  timeoutMs?: number;
}

export interface SpawnedService {
  url: string;
  metricsUrl: string;
  pid: number;
  exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
  /** All that it has written so far. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A built service as a real process, with nothing of our environment but the PATH; returns when it says it is ready. */
export async function spawnService({ app, env, timeoutMs = 30_000 }: SpawnOptions): Promise<SpawnedService> {
  const main = join(root, 'apps', app, 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${app} is not built: run "npm run build"`);
  const folder = await mkdtemp(join(tmpdir(), `arena-${app}-`));
  leash.remove(folder);
  const log = join(folder, 'log');
  const [port, metricsPort] = [await freePort(), await freePort()];
  const ports = { HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: String(metricsPort) };
  const child = await startChild({
    name: app,
    command: process.execPath,
    args: ['--enable-source-maps', main],
    env: { PATH: process.env['PATH'], ...ports, ...env },
    cwd: root,
    log,
    patienceMs: 15_000,
  });
  const logs = () => readFile(log, 'utf8');
  const stop = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const metricsUrl = `http://127.0.0.1:${env['METRICS_PORT'] ?? metricsPort}`;
  const ready = async () => !child.running() || (await fetch(`${metricsUrl}/readyz`)).ok;
  try {
    await waitFor(ready, { timeoutMs, what: `${app} to be ready` });
    if (!child.running()) throw new Error(`${app} ended ${describeExit(await child.exited)} before it was ready`);
  } catch (error) {
    const words = await logs();
    await stop();
    throw new Error(`${(error as Error).message}; it said:\n${words}`, { cause: error });
  }
  return {
    url: `http://127.0.0.1:${env['PORT'] ?? port}`,
    metricsUrl,
    pid: child.pid,
    exited: child.exited,
    kill: child.kill,
    logs,
    stop,
  };
}
