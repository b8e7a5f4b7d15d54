// What ESLint can't see from one file: cycles, orphans, and where an import really leads.
const inTests = String.raw`\.spec\.ts$|/(fixture|fixtures)/|^libs/testing/|^bench/|^e2e/`;
const entryPoints = [
  String.raw`(^|/)[^/]*main\.ts$`,
  String.raw`/(index|migrate|global-setup)\.ts$`,
  String.raw`\.spec\.ts$`,
  String.raw`\.config\.(ts|mjs|cjs)$`,
  String.raw`\.d\.ts$`,
  String.raw`^\.dependency-cruiser\.cjs$`,
  // Programs that npm scripts and child processes start by their path.
  String.raw`^tools/[^/]+/[^/]+\.mjs$`,
  String.raw`^tools/[^/]+/src/[^/]+\.ts$`,
  String.raw`^(bench|e2e)/src/[^/]+\.ts$`,
];
const pureLibs = 'contracts|problem|economics|selection|consensus|merkle|onnx|scoring';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and nothing starts it.',
      severity: 'error',
      from: { orphan: true, pathNot: entryPoints },
      to: {},
    },
    {
      name: 'unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'app-to-app',
      comment: 'Services talk by messages; no app imports another.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'lib-inward',
      comment: 'Arrows point inward: app → lib → contracts.',
      severity: 'error',
      from: { path: '^libs/', pathNot: inTests },
      to: { path: '^(apps|tools|bench|e2e|libs/testing)/' },
    },
    {
      name: 'contracts-innermost',
      comment: 'The contracts depend on no other package of ours.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(apps|libs|tools)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'app-to-lib-only',
      comment: 'An app uses libs; the tools and @arena/testing are for development.',
      severity: 'error',
      from: { path: '^apps/', pathNot: inTests },
      to: { path: '^(tools|bench|e2e|libs/testing)/' },
    },
    {
      name: 'no-deep-imports',
      comment: 'A package is imported by its name, through its index.',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/([^/]+)/' },
      to: {
        path: '^(apps|libs|tools)/[^/]+/src/',
        pathNot: [
          '^$1/$2/',
          '^(apps|libs|tools)/[^/]+/src/index\\.ts$',
          '^libs/sdk/src/(node|chain)/index\\.ts$',
          '^libs/chain/src/contracts/index\\.ts$',
        ],
      },
    },
    {
      name: 'core-is-pure',
      comment: 'core/ imports core/, the contracts, problems and pure libs; nothing that does I/O.',
      severity: 'error',
      from: { path: ['^(?:apps|libs)/([^/]+)/src/core/', '^(?:apps|libs)/([^/]+)/src/.+/core/'], pathNot: inTests },
      to: {
        pathNot: [
          '^(?:apps|libs)/$1/src/core/',
          '^(?:apps|libs)/$1/src/.+/core/',
          `^libs/(${pureLibs})/src/`,
          '(^|/)node_modules/(zod|@noble/hashes)/',
        ],
      },
    },
    {
      name: 'prisma-in-store',
      comment: 'store/ is the only importer of the generated Prisma client.',
      severity: 'error',
      from: { path: '^apps/', pathNot: ['^apps/[^/]+/src/store/', '^apps/[^/]+/prisma\\.config\\.ts$'] },
      to: { path: '^apps/[^/]+/src/store/generated/|node_modules/(@prisma|prisma)/' },
    },
    {
      name: 'objects-in-files',
      comment: 'files/ is the only importer of the object store.',
      severity: 'error',
      from: { path: '^apps/', pathNot: ['^apps/[^/]+/src/files/', inTests] },
      to: { path: '^libs/objects/|node_modules/minio/' },
    },
    {
      name: 'no-dev-dependency-at-runtime',
      comment: 'What runs in production must be among the dependencies of its package.',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: inTests },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/generated/'] },
    exclude: { path: ['^(apps|libs|tools)/[^/]+/dist/', '^(bench|e2e)/dist/', '(^|/)[.]arena/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@arena/source', 'import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    combinedDependencies: false,
    progress: { type: 'none' },
  },
};
