/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/esbuild-transformer.js' },
  globalSetup: '<rootDir>/test/global-setup.js',
  testTimeout: 30_000,
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
    'compare/**/*.ts',
    '!local/console/client/**',
    '!**/*.d.ts',
  ],
};
