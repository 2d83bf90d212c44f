/** What a rule's page says in prose: other programs show it beside a finding. */
import { clip } from './display.ts';

export interface RuleHelp {
  /** The first paragraph, plain. */
  readonly full: string;
  /** All of it, plain. */
  readonly text: string;
  /** All of it, with links that work anywhere. */
  readonly markdown: string;
}

/** What GitHub reads of a description. */
const longest = 1024;

/**
 * The introduction and the sections of a page, without its examples: those are manifests of a screen's length. `url` is
 * the page's address; where there is no page, its `summary` has to do.
 */
export function ruleHelp(page: string | undefined, summary: string, url: string): RuleHelp {
  const prose = page === undefined ? summary : [introduction(page), ...sections(page)].join('\n\n');
  const markdown = absolute(prose, url);
  const [first = ''] = paragraphs(markdown);
  return {
    full: clip(plain(first), longest),
    text: `${paragraphs(markdown).map(plain).join('\n\n')}\n\n${url}`,
    markdown: `${markdown}\n\n[The whole page, with examples](${url})`,
  };
}

/** What stands between the title and the first example or section. */
function introduction(page: string): string {
  const body = page.replace(/^# .*\n+/, '');
  const end = body.search(/^(?:`{3,}|## )/m);
  return (end < 0 ? body : body.slice(0, end)).trim();
}

/** The sections that stand after the examples, each with its heading. */
function sections(page: string): string[] {
  const start = page.search(/^## /m);
  return start < 0
    ? []
    : [
        page
          .slice(start)
          .replace(/^(`{3,})[^\n]*\n[^]*?^\1\n*/gm, '')
          .trim(),
      ];
}

/** Relative links lead to the page's own neighbours. */
function absolute(markdown: string, url: string): string {
  return markdown.replace(/\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_, path: string) => `](${new URL(path, url).href})`);
}

const paragraphs = (markdown: string): string[] => markdown.split(/\n{2,}/);

/** Markdown without its marks. Items of lists stay lines, other lines are joined. */
function plain(paragraph: string): string {
  return paragraph
    .replace(/\n(?!\s*[-*] )/g, ' ')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\*{1,2}(\S(?:[^*]*\S)?)\*{1,2}/g, '$1')
    .replace(/^#+ /gm, '');
}
