import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their TypeScript sources, so tests never see a stale build.
const resolve = { conditions: ['@arena/source', 'node', 'default'] };
// The last one is for the global setup, which Vitest loads in an environment of its own.
const shared = { resolve, ssr: { resolve }, environments: { __vitest__: { resolve } } };

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'pure',
          include: ['{apps,libs,tools}/*/src/**/*.spec.ts', 'bench/src/**/*.spec.ts'],
          exclude: ['**/*.int.spec.ts', '**/node_modules/**', '**/dist/**'],
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{apps,libs,tools}/*/src/**/*.int.spec.ts'],
          globalSetup: ['libs/testing/src/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['e2e/src/**/*.spec.ts'],
          globalSetup: ['libs/testing/src/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
