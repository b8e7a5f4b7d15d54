// `npm run deploy -- --rpc URL --chain-id N --profile production --roles roles.json`: puts the arena on a chain, once.
// The deployer's key comes from the environment (DEPLOYER_KEY), never from the command line, which others can read.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { computeAddress, isHexString } from 'ethers';
import { deployArena } from './deploy/deploy-arena.js';
import { type Profile, profiles } from './deploy/parameters.js';
import { everythingTo, readParameters, readRoles } from './deploy/read-settings.js';

const USAGE = `DEPLOYER_KEY=0x… npm run deploy -- --rpc URL --chain-id N --profile production|development --roles FILE
  --parameters FILE   where the parameters differ from the profile's
  --out FILE          where the deployment is written (deployments/N.json); found there, it is checked and left alone`;

class Usage extends Error {}

function commandLine() {
  const text = { type: 'string' } as const;
  const options = { rpc: text, 'chain-id': text, profile: text, roles: text, parameters: text, out: text };
  const { values } = parseArgs({ options });
  const key = process.env['DEPLOYER_KEY'] ?? '';
  const chainId = Number(values['chain-id']);
  const profile = values.profile as Profile;
  if (!values.rpc || !Number.isSafeInteger(chainId) || !(profile in profiles)) throw new Usage(USAGE);
  if (!isHexString(key, 32)) throw new Usage('DEPLOYER_KEY must be a private key: 0x and 64 hexadecimal digits');
  if (!values.roles && profile !== 'development') throw new Usage('--roles is missing: say who may do what');
  const file = join('deployments', `${chainId}.json`);
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  return {
    ...{ rpcUrl: values.rpc, chainId, key, file: values.out ?? join(root, file) },
    parameters: readParameters(profile, values.parameters),
    roles: values.roles ? readRoles(values.roles) : everythingTo(computeAddress(key).toLowerCase()),
  };
}

try {
  const options = commandLine();
  const { deployment, fresh } = await deployArena({ ...options, report: line => process.stdout.write(`${line}\n`) });
  process.stdout.write(`${fresh ? 'deployed' : 'deployed before, and whole'}: ${options.file}\n`);
  for (const [name, address] of Object.entries(deployment.contracts)) {
    process.stdout.write(`  ${name.padEnd(12)} ${address}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Usage ? 2 : 1;
}
