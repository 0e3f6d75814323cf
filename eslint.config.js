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
      // Wrong on Node 20 once it is optimised: src/jobs/parse-url.ts.
      'no-restricted-properties': ['error', { object: 'URL', property: 'canParse', message: 'use parseUrl()' }],
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
    ...forbidden(
      ['src/webhooks/**/*.ts'],
      [
        ...['node:*', 'undici', 'zod', '@temporalio/!(client)', '../**/{activities,cli,local,sandbox,results}/**'],
        '../**/providers/**/!(webhook-format|webhook-formats).js',
      ],
      "the receiver runs where there is no Node and no HTTP client: it imports jobs/ and the formats of vendors' webhooks.",
    ),
    // The one serves on Node; the other has its types from there and nothing else.
    ignores: ['src/webhooks/{serve-webhooks,node-adapter}.ts'],
  },
  forbidden(
    ['src/histories/**/*.ts'],
    ['../!(jobs)/**', 'node:*', 'zod', 'undici', '@temporalio/activity', '@temporalio/worker', '@temporalio/workflow'],
    'histories/ reads what jobs/ describes, by a client: workers and applications both do.',
  ),
  {
    files: ['src/{jobs,workflows,activities,results,histories,reading,webhooks}/**/*.ts'],
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
    ['src/providers/**/*.ts', 'src/results/**/*.ts', 'src/activities/**/*.ts', 'src/client/**/*.ts'],
    ['../cli/*', '../local/*', '../../cli/*', '../../local/*', '../../../cli/*'],
    'nothing but cli and local imports cli or local.',
  ),
  {
    files: ['src/sandbox/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(\\.\\./)+(activities|cli|client|local|results|testing|workflows|providers/(?!http/|source-guard\\.|vendor-error\\.))',
              message:
                "the sandbox shares nothing with a vendor's provider but the guard of URLs: it must not repeat its mistakes.",
            },
          ],
        },
      ],
    },
  },
);
