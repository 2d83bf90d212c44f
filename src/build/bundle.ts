/** `npm run build`: one folder `dist` that runs without node_modules. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, build } from 'esbuild';
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

/** The rules' pages, in place of the module that reads them from the checkout. */
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
      return {
        contents: `const pages = JSON.parse(${literal(JSON.stringify(texts))});
export const readPage = (area, id) => pages[\`\${area}/\${id}\`];`,
        loader: 'js',
      };
    });
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
rmSync(join(root, 'dist'), { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  charset: 'utf8',
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  define: { CATALOGUE_DATE: JSON.stringify(date) },
  // CommonJS packages inside an ES module ask for Node's own modules through `require`.
  banner: { js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);" },
  plugins: [data, pages, noPrograms],
  metafile: true,
  logLevel: 'warning',
});
let total = 0;
for (const [path, { bytes, entryPoint }] of Object.entries(result.metafile.outputs)) {
  total += statSync(join(root, path)).size;
  if (entryPoint !== undefined) console.log(`${path}  ${(bytes / 1024).toFixed(0)} kB  ${entryPoint}`);
}
console.log(`${(total / 1024).toFixed(0)} kB in all`);
