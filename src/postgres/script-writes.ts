/** What shell scripts write into PostgreSQL's files with `echo`, `printf` and here-documents. */
import type { ShellCommand, ShellRedirect, ShellWord } from '../formats/shell.ts';
import type { Script } from '../scripts.ts';
import { subRegion } from '../sub-region.ts';
import { locate, type TextRegion } from '../text-region.ts';
import type { Location } from '../types.ts';

export interface ScriptWrite {
  readonly script: Script;
  /** The file as the script names it: `$PGDATA/pg_hba.conf`. */
  readonly path: string;
  /** `>>`: what the file holds besides is not here. */
  readonly append: boolean;
  /** What is written, where it stands in the script word by word; undefined where a program computes it. */
  readonly text: TextRegion | undefined;
  /** The command. */
  readonly at: Location;
}

/** The writes of a script into files whose base name is `name`, in order. */
export function writesTo(script: Script, name: string): readonly ScriptWrite[] {
  return script.shell.commands.flatMap(command =>
    targetsOf(command)
      .filter(t => baseName(t.word.text) === name)
      .map(({ word, append }) => ({
        script,
        path: word.text,
        append,
        text: contentOf(script, command),
        at: locate(script.region, command.start, command.end),
      })),
  );
}

/** The files that a command writes to: its redirections, and the operands of `tee`. */
function targetsOf(command: ShellCommand): readonly { readonly word: ShellWord; readonly append: boolean }[] {
  const redirected = command.redirects
    .filter(r => /^1?>[>|]?$/.test(r.operator))
    .map(r => ({ word: r.target, append: r.operator.endsWith('>>') }));
  const [program, ...rest] = command.words;
  if (program === undefined || baseName(program.text) !== 'tee') return redirected;
  const append = rest.some(w => /^(-a|--append)$/.test(w.text));
  return [...redirected, ...rest.filter(w => !w.text.startsWith('-')).map(word => ({ word, append }))];
}

function contentOf({ region }: Script, { words, redirects }: ShellCommand): TextRegion | undefined {
  const name = baseName(words[0]?.text ?? '');
  const document = redirects.find((r): r is ShellRedirect & { body: object } => r.body !== undefined);
  if (document?.body !== undefined && (name === 'cat' || name === 'tee')) {
    return subRegion(region, document.body.start, document.body.end);
  }
  if (name !== 'echo' && name !== 'printf') return undefined;
  const said = words.slice(1).filter(w => !/^-[neE]+$/.test(w.text));
  const [first] = said;
  if (first === undefined || said.length > 1) return undefined;
  const written = region.text.slice(first.start, first.end);
  const quote = /^(["'])[^]*\1$/.test(written) ? 1 : 0;
  const inner = subRegion(region, first.start + quote, first.end - quote);
  // Escapes would need to be resolved: what is written is not what stands here.
  return inner.text === first.text && !inner.text.includes('\\') ? inner : undefined;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
