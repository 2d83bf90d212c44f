/** The rules as they lie in the checkout. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyRule } from '../types.ts';

export interface RuleFile {
  readonly area: string;
  readonly id: string;
  /** `rules/<area>/<id>.ts` */
  readonly path: string;
}

/** Every rule file, sorted by area and id; tests are none. */
export function ruleFiles(root: string): RuleFile[] {
  const areas = readdirSync(join(root, 'rules'), { withFileTypes: true }).filter(d => d.isDirectory());
  return areas
    .flatMap(({ name: area }) =>
      readdirSync(join(root, 'rules', area))
        .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map(file => ({ area, id: basename(file, '.ts'), path: `rules/${area}/${file}` })),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The rule that a file defines. Throws where its default export is none. */
export async function loadRule(root: string, file: RuleFile): Promise<AnyRule> {
  const module = (await import(pathToFileURL(join(root, file.path)).href)) as { default?: AnyRule };
  if (module.default?.id === undefined) throw new Error(`${file.path} exports no rule as its default`);
  return module.default;
}

/** The page beside a rule file, undefined where there is none. */
export function pageOf(root: string, file: RuleFile): { readonly path: string; readonly markdown: string } | undefined {
  const path = file.path.replace(/\.ts$/, '.md');
  return existsSync(join(root, path)) ? { path, markdown: readFileSync(join(root, path), 'utf8') } : undefined;
}

/** The text of `rules/index.ts`: sorted static imports and one array. */
export function indexText(files: readonly RuleFile[]): string {
  const name = (id: string) => id.replace(/-+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const sorted = [...files].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    '/** Every rule. Written by `npm run gen`; do not edit. */',
    "import type { AnyRule } from '../src/types.ts';",
    ...sorted.map(f => `import ${name(f.id)} from './${f.area}/${f.id}.ts';`),
    '',
    sorted.length === 0 ? 'export const rules: readonly AnyRule[] = [];' : 'export const rules: readonly AnyRule[] = [',
    ...sorted.map(f => `  ${name(f.id)},`),
    ...(sorted.length === 0 ? [] : ['];']),
    '',
    '/** The folder of each rule, for the address of its page. */',
    sorted.length === 0
      ? 'export const areas: Readonly<Record<string, string>> = {};'
      : 'export const areas: Readonly<Record<string, string>> = {',
    ...sorted.map(f => `  ${/-/.test(f.id) ? `'${f.id}'` : f.id}: '${f.area}',`),
    ...(sorted.length === 0 ? [] : ['};']),
    '',
  ].join('\n');
}
