// An Nx plugin: gives every package the targets `lint` and `test` (pure specs), cached, so that
// `npx nx affected -t lint test` does no more than a change asks for. `typecheck` comes from @nx/js/typescript.
import { dirname } from 'node:path';

export const name = 'arena-targets';

export const createNodesV2 = [
  '{apps,libs,tools}/*/package.json',
  files => files.map(file => [file, { projects: { [dirname(file)]: { targets: targetsOf(dirname(file)) } } }]),
];

function targetsOf(root) {
  return {
    lint: target(`eslint ${root}`),
    test: target(`vitest run --project pure --passWithNoTests ${root}/`),
  };
}

function target(command) {
  return { executor: 'nx:run-commands', options: { command }, cache: true, inputs: ['default', '^production'] };
}
