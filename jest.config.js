const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // The packages as TypeScript, not their dist/: their package.json names both.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  // What draws charts is made of ES modules, which Jest can't import. Plot exists also as one file to be required, which names
  // its D3 as a CDN does; linkedom as one module without dependencies, which is compiled as the tests are.
  // The client's sources import each other as what they are compiled to, as ES modules do.
  moduleNameMapper: {
    '^\\./([a-z-]+)\\.js$': ['./$1.js', './$1.ts'],
    '^linkedom$': '<rootDir>/node_modules/linkedom/worker.js',
    '^@observablehq/plot$': '<rootDir>/node_modules/@observablehq/plot/dist/plot.umd.min.js',
    '^d3@[^/]+/(.+)$': '<rootDir>/node_modules/d3/$1',
  },
  roots: ['<rootDir>/test', '<rootDir>/packages'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$|/linkedom/worker\\.js$': '<rootDir>/test/esbuild-transformer.js' },
  transformIgnorePatterns: ['/node_modules/(?!linkedom/worker\\.js$)'],
  testSequencer: '<rootDir>/test/longest-first.js',
  globalSetup: '<rootDir>/test/global-setup.js',
  globalTeardown: '<rootDir>/test/global-teardown.js',
  testTimeout: 30_000,
  // One process for all files would grow by gigabytes, and its garbage collections would outlast the clients' timeouts:
  // with two workers or more, a worker that has grown is replaced.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  workerIdleMemoryLimit: '1GB',
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageThreshold: { global: { statements: 90, branches: 85 } },
  // What runs in the browser is tested there.
  collectCoverageFrom: [
    'lib/**/*.ts',
    'functions/**/*.ts',
    'local/**/*.ts',
    'packages/*/**/*.ts',
    '!packages/*/test/**',
    '!packages/*/dist/**',
    'compare/**/*.ts',
    'client/src/**/*.ts',
    '!packages/template-runtime/console/client/**',
    '!**/*.d.ts',
  ],
};
