import tseslint from 'typescript-eslint';

/** Folders that may be imported from each folder of src (arrows point one way; nothing imports cli). */
const forbidden = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
});

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'bench/out/**', '**/*.mjs', 'eslint.config.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  forbidden(
    ['src/jobs/**/*.ts'],
    ['../*', 'node:*', 'zod', 'undici', '@temporalio/*'],
    'jobs/ is the pure core: it imports nothing.',
  ),
  forbidden(
    ['src/workflows/**/*.ts'],
    [
      'node:*',
      'zod',
      'undici',
      '@temporalio/activity',
      '@temporalio/client',
      '@temporalio/worker',
      '../activities/*',
      '../providers/**/!(types).js',
      '../cli/*',
      '../local/*',
      '../sandbox/*',
      '../results/*',
    ],
    'workflow-side code imports @temporalio/workflow, @temporalio/common and jobs/ only.',
  ),
  {
    files: ['src/{jobs,workflows,activities,results}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          'Literal[value=/reducto|pulse/i]',
          'TemplateElement[value.raw=/reducto|pulse/i]',
          'Identifier[name=/reducto|pulse/i]',
        ].map((selector) => ({
          selector,
          message:
            'shared code asks a provider for its properties, never for its name: declare the difference in provider.ts.',
        })),
      ],
    },
  },
  forbidden(
    [
      'src/providers/**/*.ts',
      'src/results/**/*.ts',
      'src/activities/**/*.ts',
      'src/client/**/*.ts',
      'src/sandbox/**/*.ts',
    ],
    ['../cli/*', '../local/*', '../../cli/*', '../../local/*', '../../../cli/*'],
    'nothing but cli and local imports cli or local.',
  ),
);
