/**
 * `npm run fuzz [COUNT [SEED]]`: damages real files (../shared/corpus, or else the fixtures) and lints the result.
 * Whatever fails is written to the folder of temporary files and named, with the seed that repeats it.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { decode } from '../read.ts';
import { rules } from '../../rules/index.ts';
import { mutate, randomFrom } from './mutate.ts';
import { withstand } from './withstand.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const corpus = join(process.cwd(), '../shared/corpus');
const home = existsSync(corpus) ? corpus : join(process.cwd(), 'fixtures');
const files = readdirSync(home, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && /\.(?:ya?ml|json|conf|sample)$|Dockerfile/.test(entry.name))
  .map(entry => join(entry.parentPath, entry.name))
  .filter(file => !file.includes('node_modules'))
  .sort();
const texts = files.flatMap(file => {
  const { text } = decode(readFileSync(file));
  return text === undefined || text.length === 0 || text.length > 20_000 ? [] : [{ path: basename(file), text }];
});
if (texts.length === 0) throw new Error(`there is no file to damage in ${home}`);

const means = { rules, catalogue: await loadCatalogue() };
let failed = 0;
let findings = 0;
for (let i = 0; i < count; i += 1) {
  const random = randomFrom(seed * 1_000_003 + i);
  const source = texts[Math.floor(random() * texts.length)];
  if (source === undefined) continue;
  const damaged = { path: source.path, text: mutate(source.text, random) };
  try {
    findings += withstand(damaged, means);
  } catch (error) {
    failed += 1;
    const kept = join(mkdtempSync(join(tmpdir(), 'tusklint-fuzz-')), source.path);
    writeFileSync(kept, damaged.text);
    console.error(`seed ${seed}, input ${i}: ${kept}`, error);
    if (failed >= 20) break;
  }
}
console.log(`${count} damaged files, ${findings} findings, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
