const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // The packages as TypeScript, not their dist/: their package.json names both. And what else exists as ES modules only, which
  // Jest can't import, in the form that it offers to be required.
  testEnvironmentOptions: { customExportConditions: ['source', 'umd', 'node', 'node-addons'] },
  roots: ['<rootDir>/test', '<rootDir>/packages'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/esbuild-transformer.js' },
  globalSetup: '<rootDir>/test/global-setup.js',
  testTimeout: 30_000,
  // One process for all files would grow by gigabytes, and its garbage collections would outlast the clients' timeouts:
  // with two workers or more, a worker that has grown is replaced.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  workerIdleMemoryLimit: '1GB',
  // The clients of the functions' handlers live as long as their process, on Lambda as here.
  forceExit: true,
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
    '!packages/template-runtime/console/client/**',
    '!**/*.d.ts',
  ],
};
