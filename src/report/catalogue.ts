/** `tusklint rules`: every rule, for a person, a program or a page. */
import type { AnyRule } from '../types.ts';

/** One line per rule: id, severity, preset, summary. */
export function rulesText(rules: readonly AnyRule[]): string {
  const width = Math.max(0, ...rules.map(r => r.id.length));
  return rules
    .map(
      r =>
        `${r.id.padEnd(width)}  ${r.severity.padEnd(7)}  ${r.preset.padEnd(11)}  ${(r.fix ?? '').padEnd(6)}  ${r.summary}\n`,
    )
    .join('');
}

/** `{ "rules": [ … ] }` as `tusklint rules --format json` prints it. */
export function rulesJson(rules: readonly AnyRule[], url: (rule: string) => string): string {
  const list = rules.map(r => ({
    id: r.id,
    aliases: r.aliases ?? [],
    summary: r.summary,
    severity: r.severity,
    preset: r.preset,
    fix: r.fix ?? null,
    on: r.on,
    options: r.options ?? {},
    url: url(r.id),
  }));
  return `${JSON.stringify({ rules: list }, null, 2)}\n`;
}

/** A table for each area; `link` gives the address of a rule's page. */
export function rulesMarkdown(
  rules: readonly AnyRule[],
  areas: Readonly<Record<string, string>>,
  link: (rule: AnyRule, area: string) => string = (rule, area) => `rules/${area}/${rule.id}.md`,
): string {
  const names = [...new Set(rules.map(r => areas[r.id] ?? ''))].sort();
  return names
    .map(area => {
      const rows = rules
        .filter(r => (areas[r.id] ?? '') === area)
        .map(
          r => `| [${r.id}](${link(r, area)}) | ${cell(r.summary)} | ${r.severity} | ${r.preset} | ${r.fix ?? ''} |`,
        );
      const head = ['| Rule | What it finds | Severity | Preset | Fix |', '| --- | --- | --- | --- | --- |'];
      return [`### ${area}`, '', ...head, ...rows, ''].join('\n');
    })
    .join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const opening = '<!-- rules: written by npm run gen -->';
const closing = '<!-- end of rules -->';

/** The text with the tables between its two markers; unchanged where it has none. */
export function insertTable(text: string, rules: readonly AnyRule[], areas: Readonly<Record<string, string>>): string {
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (start < 0 || end < start) return text;
  const table = `${rules.length} rules.\n\n${rulesMarkdown(rules, areas)}`;
  return `${text.slice(0, start + opening.length)}\n\n${table}\n${text.slice(end)}`;
}
