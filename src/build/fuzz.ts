/**
 * `npm run fuzz [COUNT [SEED]]`: lints every prefix of the malformed fixtures, and damaged copies of real files
 * (../shared/corpus, or else the fixtures). Whatever fails is written to the folder of temporary files and named, with the seed that repeats it.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { decode } from '../read.ts';
import type { Source } from '../types.ts';
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

function attempt(source: Source, name: string): void {
  try {
    findings += withstand(source, means);
  } catch (error) {
    failed += 1;
    const kept = join(mkdtempSync(join(tmpdir(), 'tusklint-fuzz-')), source.path);
    writeFileSync(kept, source.text);
    console.error(`${name}: ${kept}`, error);
  }
}

const malformed = join(process.cwd(), 'fixtures/malformed');
let prefixes = 0;
for (const path of readdirSync(malformed)) {
  const bytes = readFileSync(join(malformed, path));
  const text = decode(bytes).text ?? bytes.toString('latin1');
  for (let end = 0; end <= text.length && failed < 20; end += 1, prefixes += 1)
    attempt({ path, text: text.slice(0, end) }, `the first ${end} of ${path}`);
}
for (let i = 0; i < count && failed < 20; i += 1) {
  const random = randomFrom(seed * 1_000_003 + i);
  const source = texts[Math.floor(random() * texts.length)];
  if (source !== undefined)
    attempt({ path: source.path, text: mutate(source.text, random) }, `seed ${seed}, input ${i}`);
}
console.log(`${prefixes} prefixes, ${count} damaged files, ${findings} findings, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
