import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'yaml-syntax',
  summary: 'A YAML file cannot be read, so kubectl refuses it and everything behind the mistake.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'yaml-file',
  *check({ problems }, { text }) {
    for (const { kind, at, message, related } of problems) {
      if (kind === 'duplicate-key' || isTemplate(at.path) || isFilledIn(text(at.path), at.start)) continue;
      yield { at, message, related: related && [{ at: related, message: 'the other place' }] };
    }
  },
});

/** By its name the input of a program: `operator.template.yaml`. */
const isTemplate = (path: string): boolean => /\.(template|tmpl|tpl)\.[a-z]+$/i.test(path);

/** `$NAME` in place of a key or value: a script puts something there before kubectl reads the file. */
function isFilledIn(source: string | undefined, offset: number): boolean {
  return source !== undefined && /^\$\{?[A-Za-z_]/.test(source.slice(offset, offset + 3));
}
