const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
};

const project = {
  testEnvironment: 'node',
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.(ts|m?js)$': ['@swc/jest', swc] },
  // Nest 12 and bcryptjs are ES modules, which Jest cannot `require` on Node 20.
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|bcryptjs)/)'],
  setupFiles: ['reflect-metadata'],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...project, displayName: 'unit', roots: ['<rootDir>/src', '<rootDir>/chaos', '<rootDir>/bench'] },
    {
      ...project,
      displayName: 'server',
      roots: ['<rootDir>/test'],
      setupFiles: [...project.setupFiles, '<rootDir>/test/support/quiet-log.ts'],
      // Only where these run is PostgreSQL started.
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  testSequencer: '<rootDir>/test/support/servers-first.cjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.cjs'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
