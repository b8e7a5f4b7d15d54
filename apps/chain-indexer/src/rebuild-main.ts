// `npm run chain:rebuild`: exit 0 when the live tables equal a rebuild, 1 when they do not, 2 when it can't be told.
import { startProviders } from '@arena/chain';
import { readEnvOrExit, url } from '@arena/env';
import { z } from 'zod';
import { chainEnv, rpcUrls } from './chain-env.js';
import { rebuild } from './jobs/rebuild.js';
import { deploymentOf, followed } from './subject.js';

const env = readEnvOrExit(
  z.object({
    ...chainEnv,
    MIGRATE_DATABASE_URL: url('postgres', 'postgresql').describe('owns the schema, and may create another'),
  }),
);
const say = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const providers = startProviders({ urls: rpcUrls(env), chainId: env.CHAIN_ID, probeMs: 0 });
  const { MIGRATE_DATABASE_URL: ownerUrl, FINALITY: finality } = env;
  const { upTo, tables } = await rebuild({ ...followed(deploymentOf(env)), ownerUrl, providers, finality, say });
  for (const { table, rows, equal, onlyLive, onlyFresh } of tables) {
    say(`${table.padEnd(22)} ${String(rows).padStart(9)} rows  ${equal ? 'equal' : 'DIFFERENT'}`);
    for (const row of onlyLive) say(`  only in the live table: ${row}`);
    for (const row of onlyFresh) say(`  only in the rebuild:    ${row}`);
  }
  const equal = tables.every(table => table.equal);
  say(equal ? `equal up to block ${upTo}` : `not equal up to block ${upTo}`);
  process.exitCode = equal ? 0 : 1;
} catch (error) {
  const { code, message } = error as { code?: unknown; message: string };
  const hint = code === '42501' ? ' (grant create on the database to the role of MIGRATE_DATABASE_URL)' : '';
  process.stderr.write(`chain:rebuild: ${message}${hint}\n`);
  process.exitCode = 2;
}
