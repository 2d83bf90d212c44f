/** `npm run build`: one folder `dist` that runs without node_modules. */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, type Plugin, build } from 'esbuild';
import { pageOf, ruleFiles } from './rule-files.ts';

const root = process.cwd();
const settings = 'schemas/settings.json';

/** Data is parsed at run time: `JSON.parse` of a string starts faster than the same data written as code. */
const data: Plugin = {
  name: 'data',
  setup({ onLoad }) {
    onLoad({ filter: /schemas[\\/]\w+\.json$/ }, ({ path }) => ({
      contents: `export default JSON.parse(${literal(JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))))});`,
      loader: 'js',
    }));
  },
};

/** The rules' pages, in place of the module that reads them from the checkout: a file of their own, read when one is asked for. */
const pages: Plugin = {
  name: 'pages',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]pages\.ts$/ }, () => {
      const texts = Object.fromEntries(
        ruleFiles(root).flatMap(file => {
          const page = pageOf(root, file);
          return page === undefined ? [] : [[`${file.area}/${file.id}`, page.markdown]];
        }),
      );
      writeFileSync(join(root, 'dist/pages.json'), JSON.stringify(texts));
      return {
        contents: `import { readFileSync } from 'node:fs';
export const readPage = (area, id) =>
  JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'))[\`\${area}/\${id}\`];`,
        loader: 'js',
      };
    });
  },
};

/** The command's own file is small, for `--version`; the program is the other one. */
const program: Plugin = {
  name: 'program',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/program\.ts$/ }, () => ({ path: './program.js', external: true }));
  },
};

/**
 * Node's own modules by `require`: imported as ES modules, each would make all of its exports at once, and with them
 * streams, workers and what else is made only when asked for.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, namespace }) => (namespace === 'builtins' ? undefined : { path, namespace: 'builtins' }));
    onLoad({ filter: /./, namespace: 'builtins' }, ({ path }) => ({
      contents: `module.exports = nodeRequire(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};

/** Commander starts programs for subcommands that are files of their own; we have none, and the module costs time to load. */
const noPrograms: Plugin = {
  name: 'no-programs',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'no-programs' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'no-programs' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

/** A string as a JavaScript literal. */
const literal = (text: string): string =>
  JSON.stringify(text).replace(/[\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16)}`);

const { date } = JSON.parse(readFileSync(join(root, settings), 'utf8')) as { date: string };
const common: BuildOptions = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  // One file: each further one costs more to find and load than what it holds.
  splitting: false,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  charset: 'ascii',
  legalComments: 'none',
  define: { CATALOGUE_DATE: JSON.stringify(date) },
  logLevel: 'warning',
};
// CommonJS packages inside an ES module ask for Node's own modules through `require`.
const banner = { js: "import{createRequire}from'node:module';const nodeRequire=createRequire(import.meta.url),require=nodeRequire;" };

rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(join(root, 'dist'));
await build({ ...common, entryPoints: { program: 'src/program.ts' }, banner, plugins: [data, pages, noPrograms, builtins] });
await build({ ...common, entryPoints: { cli: 'src/cli.ts' }, plugins: [program] });
for (const file of readdirSync(join(root, 'dist')).sort())
  console.log(`dist/${file}  ${(statSync(join(root, 'dist', file)).size / 1024).toFixed(0)} kB`);
