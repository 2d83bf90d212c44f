/** `tusklint explain RULE`: the page of a rule. */
import { readPage } from '../pages.ts';
import { explainRule, ruleNamed, unknownRule } from '../report/explain.ts';
import { type Io, UsageError } from './io.ts';

/** Prints the page of the rule that an id, an alias or a part names. */
export async function explainCommand(id: string, io: Io): Promise<number> {
  const { rules, areas } = await io.loadRules();
  const rule = ruleNamed(rules, id);
  if (rule === undefined) throw new UsageError(unknownRule(rules, id));
  io.write(explainRule(rule, readPage(areas[rule.id] ?? '', rule.id) ?? ''));
  return 0;
}
