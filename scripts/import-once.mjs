import { build } from 'esbuild';

const NAMED_IMPORT = /import\{([^}]*)\}from"(@temporalio\/[a-z]+)"/g;

/**
 * Bundles with each Temporal package imported in one place, and every name taken out of it once: Temporal's bundler writes a long expression
 * in place of each use of an imported name, and a block of its own for each import.
 */
export async function buildImportingOnce(options) {
  const { outputFiles } = await build({ ...options, external: ['@temporalio/*'], sourcemap: false, write: false });
  const used = new Map();
  for (const [, list, source] of outputFiles[0].text.matchAll(NAMED_IMPORT)) {
    const names = list.split(',').map((entry) => entry.split(' as ')[0]);
    used.set(source, new Set([...(used.get(source) ?? []), ...names]));
  }
  await build({ ...options, plugins: [importOnce(used)] });
}

const importOnce = (used) => ({
  name: 'import-once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@temporalio\// }, ({ path, namespace }) =>
      namespace === 'once' ? { path, external: true } : { path, namespace: 'once' },
    );
    onLoad({ filter: /.*/, namespace: 'once' }, ({ path }) => {
      const names = [...(used.get(path) ?? [])];
      const imports = names.map((name) => `${name} as temporal_${name}`).join(', ');
      const taken = names.map((name) => `export const ${name} = temporal_${name};`).join('\n');
      return { contents: `import { ${imports} } from '${path}';\n${taken}` };
    });
  },
});
