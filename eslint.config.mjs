import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const CDK = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'];
const APP = ['bin', 'lib', 'functions', 'local', 'compare', 'tools', 'client', 'test'];

/**
 * Holds a folder to the folders of the app that it may import: dependencies point one way (docs/architecture.md). The
 * packages are imported by their names, so that nobody reaches behind their faces.
 */
const mayImport = (folder, folders, packages = []) => ({
  files: [`${folder}/**/*.ts`],
  ignores: ['packages/*/test/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: APP.filter((name) => name !== folder && !folders.includes(name)).flatMap((name) => [
              `../**/${name}/**`,
            ]),
            message: `${folder}/ may import ${folders.join(', ') || 'no other folder'}.`,
          },
          { group: ['../**/packages/**'], message: 'Import a package by its name.' },
          ...(packages.length > 0 ? [{ group: packages, message: `${folder}/ may not depend on it.` }] : []),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['**/dist/', 'cdk.out*/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Interfaces describe closures here, whose members need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
      },
    },
  },
  mayImport('bin', ['lib', 'functions', 'local', 'compare', 'tools']),
  mayImport('tools', ['lib', 'functions', 'local', 'compare', 'client', 'test']),
  mayImport('compare', ['local'], CDK),
  mayImport('local', [], CDK),
  mayImport('lib', [], ['template-runtime', 'template-runtime/*', 'stand-ins', 'stand-ins/*']),
  mayImport('client', [], [...CDK, 'template-runtime', 'template-runtime/*', 'stand-ins', 'stand-ins/*']),
  mayImport('functions', [], [...CDK, 'template-runtime', 'template-runtime/*', 'stand-ins', 'stand-ins/*']),
  mayImport('packages/stand-ins', [], CDK),
  mayImport('packages/template-runtime', [], [...CDK, 'stand-ins', 'stand-ins/*']),
);
