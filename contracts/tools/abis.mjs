// Writes what TypeScript knows of the contracts: their ABIs as types, and the bytecode that the deployment sends.
// `--check` builds the same way and says whether the committed files are those. Needs forge and solc from npm, no network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contracts, findForge } from './forge.mjs';

const generated = join(contracts, '..', 'libs', 'chain', 'src', 'generated');
const out = process.env.FOUNDRY_OUT ?? join(contracts, 'out');

const names = {
  token: 'ArenaToken',
  escrow: 'VoteEscrow',
  distributor: 'RewardDistributor',
  registry: 'TaskRegistry',
  staking: 'ArenaStaking',
  timelock: 'TimelockController',
};

const { command, missing } = findForge();
if (missing) throw new Error(missing);
const [forge, ...words] = command;
const built = spawnSync(forge, [...words, 'build', 'src', 'script'], { cwd: contracts, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const artifacts = Object.entries(names).map(([key, name]) => {
  const { abi, bytecode } = JSON.parse(readFileSync(join(out, `${name}.sol`, `${name}.json`), 'utf8'));
  if (/__\$/.test(bytecode.object)) throw new Error(`${name} needs a library to be linked`);
  return { key, abi: abi.map(withoutSolidity), bytecode: bytecode.object };
});

const head = '// Written by contracts/tools/abis.mjs from the build of the contracts; not by hand.\n';
const abiFiles = artifacts.map(({ key, abi }) => [
  `${key}.ts`,
  `${head}export const ${key} = [\n${abi.map(item => `  ${JSON.stringify(item)},\n`).join('')}] as const;\n`,
]);
const imports = artifacts.map(({ key }) => `import { ${key} } from './${key}.js';\n`);
const bytecodes = artifacts.map(({ key, bytecode }) => `  ${key}: '${bytecode}',\n`);
const wanted = {
  ...Object.fromEntries(abiFiles),
  'abis.ts': `${head}${imports.join('')}\nexport const abis = { ${Object.keys(names).join(', ')} } as const;\n`,
  'bytecodes.ts': `${head}export const bytecodes = {\n${bytecodes.join('')}};\n`,
};

const read = path => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
const stale = Object.keys(wanted).filter(file => read(join(generated, file)) !== wanted[file]);
if (process.argv.includes('--check')) {
  for (const file of stale) process.stderr.write(`libs/chain/src/generated/${file} is stale: run "npm run abis"\n`);
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const file of stale) {
  mkdirSync(dirname(join(generated, file)), { recursive: true });
  writeFileSync(join(generated, file), wanted[file]);
}
process.stdout.write(`${stale.length} written, ${Object.keys(wanted).length - stale.length} up to date\n`);

/** Names of Solidity types of structs and enums say nothing to a caller. */
function withoutSolidity({ internalType: _, inputs, outputs, components, ...item }) {
  return {
    ...item,
    ...(inputs && { inputs: inputs.map(withoutSolidity) }),
    ...(outputs && { outputs: outputs.map(withoutSolidity) }),
    ...(components && { components: components.map(withoutSolidity) }),
  };
}
