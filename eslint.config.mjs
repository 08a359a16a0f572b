import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Forbids imports of other top-level folders: dependencies point one way (docs/architecture.md). */
const mayNotImport = (folder, forbidden, packages = []) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: forbidden.flatMap((name) => [`**/../${name}/**`, `../${name}/**`]),
            message: `${folder}/ may not depend on ${forbidden.join(', ')}.`,
          },
          ...(packages.length > 0
            ? [{ group: packages, message: `${folder}/ may not depend on ${packages.join(', ')}.` }]
            : []),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'cdk.out*/', 'coverage/', 'node_modules/'] },
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
  mayNotImport('lib', ['bin', 'local', 'functions', 'compare', 'test']),
  mayNotImport('local', ['bin', 'lib', 'functions', 'compare', 'test'], ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs']),
  mayNotImport('functions', ['bin', 'lib', 'local', 'compare', 'test'], ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs']),
  mayNotImport('compare', ['bin', 'lib', 'functions', 'test'], ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs']),
);
