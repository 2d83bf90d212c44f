/** `tusklint explain RULE`: the rule's page for a terminal. */
import { nearest } from '../nearest.ts';
import type { AnyRule } from '../types.ts';

/** The rule that an id, an alias or a part names. */
export function ruleNamed(rules: readonly AnyRule[], name: string): AnyRule | undefined {
  return rules.find(r => r.id === name) ?? rules.find(r => r.aliases?.includes(name));
}

/** What to say of a name that no rule has. */
export function unknownRule(rules: readonly AnyRule[], name: string): string {
  const near = nearest(
    name,
    rules.flatMap(r => [r.id, ...(r.aliases ?? [])]),
  );
  return `there is no rule "${name}"${near === undefined ? '' : `: did you mean "${near}"?`}`;
}

/** The page with its data under the title; the markers of executed blocks are left out. */
export function explainRule(rule: AnyRule, markdown: string): string {
  const facts = [
    rule.summary,
    '',
    `severity ${rule.severity}, preset ${rule.preset}, ${rule.fix === undefined ? 'no fix' : `${rule.fix} fix`}, since ${rule.since}`,
    ...(rule.aliases === undefined ? [] : [`also named ${rule.aliases.join(', ')}`]),
    ...Object.entries(rule.options ?? {}).map(([name, value]) => `option ${name}: ${JSON.stringify(value)}`),
  ];
  const body = markdown
    .replace(/^# .*\n+/, '')
    .replace(
      /^(`{3,}[\w-]+) (?:bad|good|fixed)(?: file=(\S+))?.*$/gm,
      (_, fence: string, file?: string) => fence + (file === undefined ? '' : ` ${file}`),
    )
    .replace(/^(`{3,})json options\n[^]*?\n\1\n+/gm, '');
  return `# ${rule.id}\n\n${facts.join('\n')}\n\n${body.trimEnd()}\n`;
}
