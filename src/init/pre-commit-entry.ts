/** The entry of tusklint in `.pre-commit-config.yaml`. */
import { applyEdits } from '../fix/apply.ts';
import { type Edits, addItemAt, areWritten } from '../fix/edits.ts';
import { linesOf } from '../report/lines.ts';
import type { Source } from '../types.ts';
import { type MapNode, type Node, get, getItems, getText } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';

/** The repository that pre-commit takes the hook from. */
export const hookRepository = 'https://github.com/tusklint/tusklint';

/** What became of the entry. */
export type EntryResult =
  | { readonly state: 'added'; readonly text: string }
  /** `rev` is what the file says; undefined for a hook that is run in another way. */
  | { readonly state: 'there'; readonly rev: string | undefined }
  /** Why it cannot be added, for a person; with the place where it has one. */
  | { readonly state: 'refused'; readonly reason: string };

/** The entry as a person would write it by hand, indented for `repos`. */
export const entryText = (rev: string): string =>
  `  - repo: ${hookRepository}\n    rev: ${rev}\n    hooks:\n      - id: tusklint\n`;

/** A configuration of pre-commit that has this hook alone. */
export const newConfiguration = (rev: string): string => `repos:\n${entryText(rev)}`;

/** Adds the entry to a configuration of pre-commit; everything else stays as it is written. */
export function addEntry(source: Source, rev: string): EntryResult {
  const refused = (reason: string): EntryResult => ({ state: 'refused', reason });
  const { documents, problems } = parseYaml(source);
  const [problem] = problems;
  if (problem !== undefined) {
    const { line, column } = linesOf(source.text).position(problem.at.start);
    return refused(`${source.path}:${line}:${column}: ${problem.message}`);
  }
  const [document, second] = documents;
  if (second !== undefined) return refused(`${source.path} has several documents`);
  if (document === undefined) {
    const lead = source.text === '' || source.text.endsWith('\n') ? source.text : `${source.text}\n`;
    return { state: 'added', text: lead + newConfiguration(rev) };
  }
  const { root } = document;
  if (root?.kind !== 'map') return refused(`${source.path} has no "repos"`);
  const found = entryOf(root);
  if (found !== undefined) return { state: 'there', rev: found.rev };
  const edits = addItemAt(root, ['repos'], { repo: hookRepository, rev, hooks: [{ id: 'tusklint' }] });
  if (!areWritten(edits)) return refused(`${source.path}: "repos" cannot be added to${reasonOf(edits)}`);
  const text = applyEdits(source.text, edits);
  const after = parseYaml({ path: source.path, text });
  const [changed] = after.documents;
  // What pre-commit would not read must not be written, whatever the file looked like.
  if (after.problems.length > 0 || changed?.root?.kind !== 'map' || entryOf(changed.root)?.rev !== rev)
    return refused(`${source.path} is written in a way that cannot be added to`);
  return { state: 'added', text };
}

const reasonOf = (edits: Edits): string => (edits !== undefined && 'hindrance' in edits ? `: ${edits.hindrance}` : '');

/** The entry that runs tusklint: of this repository or a copy of it, or a local one. */
function entryOf(root: MapNode): { readonly rev: string | undefined } | undefined {
  for (const repo of getItems(root, 'repos')) {
    const hooks = getItems(repo, 'hooks');
    if (/(?:^|[/:])tusklint(?:\.git)?\/?$/.test(getText(repo, 'repo') ?? '') && hooks.length > 0)
      return { rev: getText(repo, 'rev') };
    if (hooks.some(runsTusklint)) return { rev: undefined };
  }
  return undefined;
}

const runsTusklint = (hook: Node): boolean =>
  /(?:^|[\s/])tusklint(?:\s|$)/.test(getText(hook, 'entry') ?? '') ||
  (get(hook, 'entry') === undefined && /^tusklint(?:-|$)/.test(getText(hook, 'id') ?? ''));
