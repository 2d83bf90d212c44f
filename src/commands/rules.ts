/** `tusklint rules`: the catalogue of rules. */
import { rulesJson, rulesMarkdown, rulesText } from '../report/catalogue.ts';
import { rulePage } from '../report/report.ts';
import type { Io } from './io.ts';

/** Prints every rule. */
export async function rulesCommand(
  { format }: { readonly format: 'text' | 'json' | 'markdown' },
  io: Io,
): Promise<number> {
  const { rules, areas } = await io.loadRules();
  const url = (id: string) => rulePage(areas, id);
  const reports = {
    text: () => rulesText(rules),
    json: () => rulesJson(rules, url),
    markdown: () => rulesMarkdown(rules, areas, rule => url(rule.id)),
  };
  io.write(reports[format]());
  return 0;
}
