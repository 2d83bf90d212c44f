import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { mutate, randomFrom } from './build/mutate.ts';
import { withstand } from './build/withstand.ts';
import { loadCatalogue } from './postgres/catalogue.ts';
import { decode } from './read.ts';

const folder = join(import.meta.dirname, '../fixtures/malformed');
const means = { rules, catalogue: await loadCatalogue() };
const sources = readdirSync(folder).map(path => {
  const bytes = readFileSync(join(folder, path));
  return { path, text: decode(bytes).text ?? bytes.toString('latin1') };
});

test('there are malformed files', () => expect(sources.length).toBeGreaterThan(25));

describe('prefixes of every malformed file are borne (npm run fuzz takes every one)', () => {
  test.for(sources)('$path', { timeout: 60_000 }, ({ path, text }) => {
    const step = Math.max(1, Math.floor(text.length / 60));
    for (let end = 0; end < text.length; end += step) withstand({ path, text: text.slice(0, end) }, means);
    withstand({ path, text }, means);
  });
});

test('200 damaged copies are borne (npm run fuzz makes more)', { timeout: 60_000 }, () => {
  for (let i = 0; i < 200; i += 1) {
    const random = randomFrom(i);
    const source = sources[Math.floor(random() * sources.length)];
    if (source !== undefined) withstand({ path: source.path, text: mutate(source.text, random) }, means);
  }
});
