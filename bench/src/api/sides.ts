// The two servers that are compared, each a process of its own on the same PostgreSQL.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, migrate } from '@arena/db';
import { createClient, signIn } from '@arena/sdk';
import { freePort, startChild } from '@arena/servers';
import { libraryMigrations } from '@arena/service';
import { stakeMigrations } from '@arena/stakes';
import { spawnService } from '@arena/testing';
import { Wallet } from 'ethers';
import pg from 'pg';
import type { Servers } from '../servers.js';
import { spec } from './spec.js';

export interface Side {
  url: string;
  headers: Record<string, string>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const password = 'bench';

export async function bareServer({ postgresUrl }: Servers, folder: string): Promise<Side> {
  const port = await freePort();
  const child = await startChild({
    name: 'the bare server',
    command: process.execPath,
    args: ['--import', 'tsx', join(root, 'bench/src/api/bare-server.ts')],
    env: {
      PATH: process.env['PATH'],
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.check.json'),
      PORT: String(port),
      DATABASE_URL: postgresUrl,
    },
    cwd: root,
    log: join(folder, 'bare.log'),
    patienceMs: 5_000,
  });
  const url = `http://127.0.0.1:${port}`;
  const body = JSON.stringify({ spec });
  await untilAnswers(`${url}/v1/tasks/1`);
  await fetch(`${url}/v1/tasks`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { url, headers: {}, stop: () => child.stop() };
}

export async function taskService({ postgresUrl, redisUrl }: Servers): Promise<Side> {
  const as = (role: string) => Object.assign(new URL(postgresUrl), { username: role, password }).href;
  await bootstrap({
    adminUrl: postgresUrl,
    services: [{ schema: 'tasks', ownerPassword: password, appPassword: password }],
  });
  const own = { directory: join(root, 'apps/task-service/prisma/migrations') };
  await migrate({ url: as('tasks_owner'), schema: 'tasks', sources: [...libraryMigrations, stakeMigrations, own] });

  const admin = Wallet.createRandom();
  const service = await spawnService({
    app: 'task-service',
    env: {
      DATABASE_URL: as('tasks_app'),
      REDIS_URL: redisUrl,
      PUBLIC_ORIGIN: 'http://bench.test',
      CHAIN_ID: '31337',
      ADMIN_WALLETS: admin.address,
      RATE_LIMIT_FACTOR: '100000',
      LOG_LEVEL: 'warn',
      // Nothing here is stored in it; what is not there only makes the sweepers wait.
      S3_ENDPOINT: 'http://127.0.0.1:9',
      S3_ACCESS_KEY: 'bench',
      S3_SECRET_KEY: 'bench',
      SHUTDOWN_DRAIN_SECONDS: '0',
    },
  });
  const { client, session } = await signIn(createClient({ origin: service.url }), admin, { domain: 'bench.test' });
  await client.call('tasks.create', { body: { spec } });
  const database = new pg.Client({ connectionString: postgresUrl });
  await database.connect();
  await database.query(`update tasks.tasks set phase = 'verified' where task = 1`);
  await database.end();
  const headers = { authorization: `Bearer ${session.token}` };
  return { url: service.url, headers, stop: () => service.stop() };
}

async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
