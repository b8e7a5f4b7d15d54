import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bootstrap, migrate } from '@arena/db';
import type { ArenaChain } from '@arena/testing';
import pg from 'pg';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const worker = join(root, 'apps/chain-indexer/src/fixture/follower-worker.ts');
const password = 'bench';

const Said = z.object({ outcome: z.literal('idle'), facts: z.int(), head: z.int(), seconds: z.number() });

export interface Subject {
  /** The whole chain from its first block, into empty tables: events per second. */
  round(): Promise<number>;
}

/** The follower as the service runs it, in a process of its own, as the role that the service has. */
export async function follower(postgresUrl: string, chain: ArenaChain, folder: string): Promise<Subject> {
  const as = (role: string) => Object.assign(new URL(postgresUrl), { username: role, password }).href;
  const services = [{ schema: 'chain', ownerPassword: password, appPassword: password }];
  await bootstrap({ adminUrl: postgresUrl, services });
  const directory = join(root, 'apps/chain-indexer/migrations');
  await migrate({ url: as('chain_owner'), schema: 'chain', sources: [{ directory }] });
  const file = join(folder, 'deployment.json');
  await writeFile(file, JSON.stringify(chain.deployment));

  const empty = async () => {
    const client = new pg.Client({ connectionString: as('chain_owner') });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'chain' and tablename not like '\\_%'`,
    );
    await client.query(`truncate ${rows.map(({ name }) => name).join()}`);
    await client.end();
  };

  return {
    async round() {
      await empty();
      const args = ['--conditions=@arena/source', '--import', 'tsx', worker];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: {
          PATH: process.env['PATH'],
          TSX_TSCONFIG_PATH: join(root, 'tsconfig.check.json'),
          DATABASE_URL: as('chain_app'),
          RPC_URL: chain.url,
          CHAIN_ID: String(chain.chainId),
          DEPLOYMENT_FILE: file,
        },
      });
      const { facts, seconds } = Said.parse(JSON.parse(stdout));
      return facts / seconds;
    },
  };
}
