/** `npm run build [FOLDER]`: one folder, `dist`, that runs without node_modules. */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, type Plugin, build } from 'esbuild';
import { pageOf, ruleFiles } from './rule-files.ts';

const root = process.cwd();
const out = resolve(process.argv[2] ?? 'dist');
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
      writeFileSync(join(out, 'pages.json'), JSON.stringify(texts));
      return {
        contents: `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
let pages;
export const readPage = (area, id) => {
  pages ??= JSON.parse(readFileSync(join(__dirname, 'pages.json'), 'utf8'));
  return pages[\`\${area}/\${id}\`];
};`,
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

/** What asks GitHub's API is a file of its own, beside the program: nobody else should pay for loading it. */
const octokit: Plugin = {
  name: 'octokit',
  setup({ onResolve }) {
    onResolve({ filter: /[\\/]octokit\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './octokit.cjs', external: true } : undefined,
    );
  },
};

/** A string as a JavaScript literal. */
const literal = (text: string): string =>
  JSON.stringify(text).replace(/[\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16)}`);

const { date } = JSON.parse(readFileSync(join(root, settings), 'utf8')) as { date: string };
const common: BuildOptions = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  charset: 'ascii',
  legalComments: 'none',
  define: { CATALOGUE_DATE: JSON.stringify(date) },
  logLevel: 'warning',
};
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// One file: each further one costs more to find and load than what it holds.
await build({
  ...common,
  format: 'cjs',
  entryPoints: { program: 'src/github/program.ts', octokit: 'src/github/octokit.ts' },
  outExtension: { '.js': '.cjs' },
  plugins: [data, pages, noPrograms, octokit],
  // Code that is compiled by hand cannot import (see `src/load-program.ts`).
  supported: { 'dynamic-import': false },
});
// The command's own file is small, for `--version`; so is the Action's.
await build({ ...common, format: 'esm', entryPoints: { cli: 'src/cli.ts', action: 'src/action.ts' } });
for (const file of readdirSync(out).sort())
  console.log(`${basename(out)}/${file}  ${(statSync(join(out, file)).size / 1024).toFixed(0)} kB`);
