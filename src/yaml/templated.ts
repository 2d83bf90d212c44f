/** Telling the source of a template (Helm, Go, Jinja) from YAML that merely carries template text as data. */
import { tokens } from './lexer.ts';

/** What only a chart's template says; a generator's `app-{{name}}` in a plain scalar is valid YAML and stays so. */
const CHART_EXPRESSION =
  /\{\{-?[^}]{0,200}?(?:\.(?:Values|Release|Chart|Capabilities|Template|Files|Subcharts)\b|\b(?:include|template|tpl|printf|default|quote|toYaml|nindent)\s|\|\s*\w)/;

/**
 * Whether a text must be rendered before it is YAML: `{{ … }}` (or `{% … %}`) where a value, a key or a line would begin,
 * or a chart's own names inside a plain scalar. Templates inside quotes, comments and block scalars are data.
 */
export function isTemplated(text: string): boolean {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  for (const { kind, start, end } of tokens(text)) {
    if (kind === 'open' && (text.startsWith('{{', start) || text.startsWith('{%', start))) return true;
    if (kind === 'plain' && CHART_EXPRESSION.test(text.slice(start, end))) return true;
  }
  return false;
}
