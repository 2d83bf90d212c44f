import { fix } from '../../src/fix/edits.ts';
import { removeLine } from '../../src/fix/line-edits.ts';
import { lowerAscii } from '../../src/postgres/catalogue.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgconf-duplicate',
  summary: 'A file sets the same parameter twice: the last line counts.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'settings-file',
  *check({ region, parsed, templated }, { text }) {
    // Branches of a template may exclude each other.
    if (templated) return;
    const settings = parsed.entries.filter(e => e.kind === 'setting');
    for (const [index, entry] of settings.entries()) {
      const last = settings.findLast(e => lowerAscii(e.name) === lowerAscii(entry.name));
      if (last === undefined || last === entry || settings.indexOf(last) <= index) continue;
      const same = last.value === entry.value;
      yield {
        at: locate(region, entry.nameStart, entry.nameEnd),
        severity: same ? 'info' : undefined,
        message: same
          ? `"${entry.name}" is set to ${entry.value} again further down, so this line does nothing`
          : `"${entry.name}" is set to ${last.value} further down, so ${entry.value} here does nothing`,
        label: 'set again',
        help: 'keep one of the lines',
        related: [{ at: locate(region, last.nameStart, last.nameEnd), message: `${last.value} counts` }],
        fix: fix(
          { title: `without the earlier ${entry.name}`, applicability: 'safe' },
          removeLine(text, region, entry.lineStart),
        ),
      };
    }
  },
});
