/**
 * `npm run gen` writes what follows from the rules: the index, the configuration's schema and validator, the table in
 * README.md, and the output in the rules' pages. `npm run gen AREA/ID…` writes the index and those pages only.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Ajv } from 'ajv';
import standaloneModule from 'ajv/dist/standalone/index.js';
import { type Schema, configSchema } from '../config-schema.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { insertTable } from '../report/catalogue.ts';
import type { AnyRule } from '../types.ts';
import { parsePage, rewrite } from './pages.ts';
import { indexText, loadRule, pageOf, ruleFiles } from './rule-files.ts';

const root = process.cwd();
const wanted = process.argv.slice(2).map(name => name.replace(/^rules\//, '').replace(/\.\w+$/, ''));
const files = ruleFiles(root);
write('rules/index.ts', indexText(files));
const loaded = new Map<string, AnyRule>();
for (const file of files) loaded.set(file.path, await loadRule(root, file));
const rules = [...loaded.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

if (wanted.length === 0) {
  const schema = configSchema(rules);
  write('schemas/config.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
  write('src/config-validator.generated.mjs', validatorText(compact(schema)));
  if (existsSync('README.md')) {
    write('README.md', insertTable(readFileSync('README.md', 'utf8'), rules, areasOf()));
  }
}

const catalogue = await loadCatalogue();
for (const file of files) {
  if (wanted.length > 0 && !wanted.includes(`${file.area}/${file.id}`)) continue;
  const page = pageOf(root, file);
  const rule = loaded.get(file.path);
  if (page === undefined || rule === undefined) continue;
  try {
    write(page.path, rewrite(parsePage(page.path, page.markdown), rule, rules, catalogue));
  } catch (error) {
    // The other pages are written all the same; the run fails at its end.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function areasOf(): Record<string, string> {
  return Object.fromEntries(files.map(f => [f.id, f.area]));
}

/** A module that checks a configuration without a schema compiler at run time. */
function validatorText(schema: object): string {
  const ajv = new Ajv({
    code: { source: true, esm: true },
    strict: true,
    allowUnionTypes: true,
    unicodeRegExp: false,
    allErrors: true,
  });
  // A CommonJS module: its default export is a property of what Node imports.
  const standalone = standaloneModule.default;
  const code = standalone(ajv, ajv.compile(schema));
  if (code.includes('require(')) throw new Error('the configuration validator needs a part of ajv at run time');
  return `// Written by \`npm run gen\` from the rules; do not edit.\n${code}\n`;
}

/**
 * The same schema for a validator a tenth as large: without what only editors show, and with the many rules that have no
 * options under one pattern.
 */
function compact(schema: Schema): Schema {
  const bare = JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'description' && typeof value === 'string' ? undefined : value,
    ),
  ) as { definitions: { rules: { properties: Record<string, Schema>; patternProperties?: Schema } } } & Schema;
  const { rules: map } = bare.definitions;
  const simple = Object.keys(map.properties).filter(id => map.properties[id]?.$ref === '#/definitions/rule');
  if (simple.length > 0) map.patternProperties = { [`^(?:${simple.join('|')})$`]: { $ref: '#/definitions/rule' } };
  for (const id of simple) delete map.properties[id];
  return bare;
}

function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
