// What ESLint holds here: promises are never dropped, boundaries between packages (by Nx tags) and between the
// folders of an app, the purity of `core/`, and small files. Formatting is Prettier's alone.
import { readdirSync } from 'node:fs';
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const specs = ['**/*.spec.ts', '**/fixture/**/*.ts'];
const code = ['{apps,libs,tools}/*/src/**/*.ts', '{bench,e2e}/src/**/*.ts'];

// ---- imports, by folder. A later block replaces an earlier one's options, so each block names all that it forbids.

const deepImports = {
  regex: '^@arena/(?!sdk/(?:node|chain)$|chain/contracts$|onnx/fixture$)[^/]+/.+',
  message: 'Import the package by its name: what its index does not export is its own business.',
};
const prismaClient = {
  group: ['**/generated/**', '@prisma/*'],
  message: 'Only store/ talks to Prisma: add a named query there.',
};
const objectStore = {
  group: ['@arena/objects', 'minio'],
  message: 'Only files/ talks to the object store: add a function there.',
};
const rawClients = {
  group: ['ioredis', 'bullmq', 'minio'],
  message: 'Apps use the libs: @arena/queue, @arena/outbox, @arena/objects.',
};
// Everything but neighbours, the contracts and the pure libs. A new pure lib is added to this list by hand.
const impure = {
  regex:
    '^(?!\\.{1,2}/|@arena/(?:contracts|problem|economics|selection|consensus|merkle|onnx|scoring)$|@noble/hashes/|zod$)',
  message: 'core/ is pure: it imports its neighbours, @arena/contracts, @arena/problem and pure libs only.',
};

const importing = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

const impureGlobals = [
  ...['process', 'globalThis', 'fetch', 'crypto', 'performance', 'console', 'WebSocket'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
].map(name => ({ name, message: 'core/ is pure: take the value as an argument, return what should happen.' }));

const impureSyntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'core/ has no clock: take `now`.' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'core/ has no clock: take `now`.' },
  { selector: ':function[async=true]', message: 'core/ decides at once: load before, save after.' },
  { selector: 'AwaitExpression', message: 'core/ decides at once: load before, save after.' },
  { selector: 'ForOfStatement[await=true]', message: 'core/ decides at once: load before, save after.' },
  { selector: 'ImportExpression', message: 'core/ imports statically, so that its purity can be checked.' },
];

// TypeScript knows these from @types/node; plain JavaScript is told what this very Node has.
const nodeGlobals = Object.fromEntries(Object.getOwnPropertyNames(globalThis).map(name => [name, 'readonly']));

// ---- packages, by Nx tags

const mayDependOn = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });
const boundaries = depConstraints => ({
  '@nx/enforce-module-boundaries': ['error', { allow: [], ignoredCircularDependencies: throughTests, depConstraints }],
});
// A lib's specs use @arena/testing, which uses that lib: a cycle for Nx, which does not tell specs from the rest.
// dependency-cruiser does, and forbids cycles file by file.
const throughTests = ['libs', 'tools']
  .flatMap(folder => readdirSync(new URL(folder, import.meta.url)))
  .map(name => ['@arena/testing', `@arena/${name}`]);
const everywhere = [
  mayDependOn('type:tool', 'type:tool', 'type:lib'),
  mayDependOn('type:dev', 'type:dev', 'type:tool', 'type:lib', 'type:app'),
];

export default tseslint.config(
  {
    ignores: ['**/node_modules/**', '**/dist/**', '**/generated/**', '**/.arena/**', '**/.nx/**', '**/coverage/**'],
  },
  {
    files: [...code, '**/*.mjs', '**/*.cjs'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    extends: [eslint.configs.recommended],
    rules: {
      'max-lines': ['error', { max: 300 }],
      // Parsers of protocols are about control characters.
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'no-console': 'off',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: nodeGlobals },
  },
  {
    files: code,
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { project: ['./tsconfig.check.json'], tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      // The compiler says these better.
      'no-undef': 'off',
      'no-unused-vars': 'off',
      'no-redeclare': 'off',
      'no-dupe-class-members': 'off',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { inheritedMethods: false } }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unified-signatures': 'error',
      ...importing(deepImports),
      ...boundaries([mayDependOn('type:app', 'type:lib'), mayDependOn('type:lib', 'type:lib'), ...everywhere]),
    },
  },
  {
    files: ['apps/*/src/**/*.ts'],
    rules: importing(deepImports, prismaClient, objectStore, rawClients),
  },
  { files: ['apps/*/src/store/**/*.ts'], rules: importing(deepImports, objectStore, rawClients) },
  { files: ['apps/*/src/files/**/*.ts'], rules: importing(deepImports, prismaClient, rawClients) },
  {
    files: ['{apps,libs}/*/src/**/core/**/*.ts'],
    ignores: specs,
    rules: {
      ...importing(deepImports, impure),
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'core/ has no clock: take `now`.' },
        { object: 'Math', property: 'random', message: 'core/ has no dice: take the random value.' },
      ],
      'no-restricted-syntax': ['error', ...impureSyntax],
    },
  },
  {
    // Tests may use the throw-away servers of @arena/testing, and every client.
    files: specs,
    rules: {
      // In a test an absent value fails the test, which is what it is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      ...importing(deepImports),
      ...boundaries([
        mayDependOn('type:app', 'type:lib', 'type:dev', 'type:tool'),
        mayDependOn('type:lib', 'type:lib', 'type:dev', 'type:tool'),
        ...everywhere,
      ]),
    },
  },
  prettier,
);
