/** `tusklint init`: writes a configuration and, when asked, the hook of pre-commit and the workflow. Nothing is overwritten. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { displayPath } from '../discover.ts';
import { refusal, writeSources } from '../fix/write.ts';
import { gitRoot } from '../git.ts';
import { GitError, git } from '../git-program.ts';
import { configurationText } from '../init/configuration-text.ts';
import { stateOf, writeNew } from '../init/files.ts';
import { addEntry, entryText, hookRepository, newConfiguration } from '../init/pre-commit-entry.ts';
import { proposalsOf } from '../init/proposals.ts';
import { runsAction, workflowText } from '../init/workflow-text.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { readText } from '../read.ts';
import { version } from '../version.ts';
import { findConfig } from './configuration.ts';
import { type Io, UsageError } from './io.ts';
import { type Judged, judged, prepareRun } from './judge.ts';

/** The flags of `tusklint init`, read. */
export interface InitFlags {
  /** Whether the hook is added to `.pre-commit-config.yaml`. */
  readonly hook: boolean;
  /** Whether the workflow is written. */
  readonly workflow: boolean;
}

/** One thing to write, or the reason why there is nothing to do; all are worked out before the first is written. */
interface Plan {
  /** For a person: `wrote tusklint.yaml: …`. */
  readonly said: string;
  readonly write: () => void;
}

const rev = `v${version}`;

/** Writes what is asked for and not there yet, and says what to do next. Throws a UsageError, and writes nothing, where it cannot. */
export async function initCommand(flags: InitFlags, io: Io): Promise<number> {
  if (flags.hook || flags.workflow) checkTop(io.cwd, flags.hook ? '--hook' : '--workflow');
  const hook = flags.hook ? planHook(io.cwd) : undefined;
  const workflow = flags.workflow ? await planWorkflow(io.cwd) : undefined;
  const found = await judgeAll(io);
  const plans = [await planConfiguration(io, found), hook, workflow].filter(p => p !== undefined);
  for (const { write, said } of plans) {
    write();
    io.write(`${said}\n`);
  }
  io.write(nextSteps(found, flags));
  return 0;
}

const keep = (said: string): Plan => ({ said, write: () => {} });

/** pre-commit and GitHub read their files at the top of the repository. */
function checkTop(cwd: string, flag: string): void {
  const top = gitRoot(cwd);
  if (top === undefined) throw new UsageError(`${flag} needs a git repository: this folder is in none`);
  if (top !== cwd)
    throw new UsageError(`${flag} writes at the top of the repository: run it in ${displayPath(cwd, top)}`);
}

async function judgeAll(io: Io): Promise<Judged> {
  const flags = { config: undefined, preset: undefined, rule: [], pgVersion: undefined, now: undefined };
  return judged(await prepareRun(['.'], { ...flags, stdinFilename: '' }, io));
}

async function planConfiguration(io: Io, { config, prepared }: Judged): Promise<Plan> {
  const path = 'tusklint.yaml';
  const there = findConfig(io.cwd);
  if (there !== undefined) return keep(`kept ${displayPath(io.cwd, there)}: it is there already`);
  stateOf(io.cwd, path);
  const model = buildModel({
    sources: prepared.sources,
    complete: prepared.completeness.complete,
    rules: [],
    config,
    catalogue: await loadCatalogue(),
    now: io.today,
    pgVersion: undefined,
  });
  const proposals = proposalsOf(model);
  const names = [
    ...(proposals.external.length > 0 ? ['external'] : []),
    ...(proposals.images.length > 0 ? ['images'] : []),
  ];
  const hint = names.length > 0 ? `; look at its proposals for ${names.join(' and ')}` : '';
  const text = configurationText(proposals, version);
  return { said: `wrote ${path}: the defaults${hint}`, write: () => writeNew(io.cwd, { path, text }) };
}

function planHook(cwd: string): Plan {
  const path = '.pre-commit-config.yaml';
  const byHand = `add the hook by hand:\n${entryText(rev)}`;
  if (stateOf(cwd, path) === 'missing') {
    const other = otherHooks.find(([file]) => existsSync(join(cwd, file)));
    if (other !== undefined)
      throw new UsageError(`--hook is for pre-commit, and this repository has ${other[0]}: ${other[1]}`);
    const text = newConfiguration(rev);
    return { said: `wrote ${path}: the hook tusklint ${rev}`, write: () => writeNew(cwd, { path, text }) };
  }
  const read = readText(join(cwd, path));
  if (read.text === undefined) throw new UsageError(`${path} ${read.reason}: ${byHand}`);
  const source = { path, text: read.text };
  const result = addEntry(source, rev);
  if (result.state === 'refused') throw new UsageError(`${result.reason}; ${byHand}`);
  if (result.state === 'there') {
    const older = result.rev !== undefined && result.rev !== rev;
    const hint = older ? ` (${result.rev}; pre-commit autoupdate --repo ${hookRepository} brings the newest)` : '';
    return keep(`kept ${path}: it has the hook already${hint}`);
  }
  const refused = refusal(source, cwd, ['.']);
  if (refused !== undefined) throw new UsageError(`${path} ${refused}: ${byHand}`);
  return {
    said: `changed ${path}: added the hook tusklint ${rev}`,
    write: () => writeSources([{ path, text: result.text }], cwd),
  };
}

/** Programs that run hooks in their own way, by their files, and what to do there. */
const otherHooks: readonly (readonly [file: string, advice: string])[] = [
  ['.husky', 'add the line `tusklint hook` to .husky/pre-commit'],
  ...['lefthook.yml', '.lefthook.yml', 'lefthook.yaml', '.lefthook.yaml'].map(
    file => [file, `add the command \`npx tusklint hook\` under pre-commit in ${file}`] as const,
  ),
];

async function planWorkflow(cwd: string): Promise<Plan> {
  const folder = '.github/workflows';
  const path = `${folder}/tusklint.yml`;
  if (stateOf(cwd, path) === 'file') return keep(`kept ${path}: it is there already`);
  const others = existsSync(join(cwd, folder)) ? readdirSync(join(cwd, folder)).sort() : [];
  const user = others.find(
    file =>
      /\.ya?ml$/.test(file) &&
      stateOf(cwd, `${folder}/${file}`) === 'file' &&
      runsAction(readFileSync(join(cwd, folder, file), 'utf8')),
  );
  if (user !== undefined) return keep(`kept ${folder}/${user}: it runs the Action already`);
  const text = workflowText(await defaultBranch(cwd), version);
  return { said: `wrote ${path}: it runs once it is pushed`, write: () => writeNew(cwd, { path, text }) };
}

/** The branch that the remote has as its default; where it does not tell, the current one if it looks like it, else "main". */
async function defaultBranch(cwd: string): Promise<string> {
  const name = async (ref: string): Promise<string | undefined> => {
    try {
      return (await git(cwd, ['symbolic-ref', '--short', ref])).toString('utf8').trim();
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  };
  const remote = await name('refs/remotes/origin/HEAD');
  if (remote !== undefined) return remote.replace(/^origin\//, '');
  const current = await name('HEAD');
  return current !== undefined && /^(?:master|trunk|main)$/.test(current) ? current : 'main';
}

function nextSteps({ prepared, result }: Judged, { hook }: InitFlags): string {
  const shown = result.findings.filter(f => f.severity !== 'info');
  const errors = shown.filter(f => f.severity === 'error').length;
  const state =
    result.servers.length === 0
      ? `no PostgreSQL found in ${counted(prepared.files, 'file')}`
      : `${counted(result.servers.length, 'server')} in ${counted(prepared.files, 'file')}, ${
          shown.length === 0
            ? 'no problems'
            : `${counted(errors, 'error')} and ${counted(shown.length - errors, 'warning')}`
        }`;
  const steps: readonly (readonly [command: string, effect: string])[] = [
    ...(shown.length > 0
      ? ([
          ['tusklint lint', 'shows them'],
          ['tusklint lint --diff', 'shows what --fix would mend'],
          ['tusklint lint --baseline tusklint-baseline.json --update-baseline', 'accepts them for now'],
        ] as const)
      : []),
    ...(hook
      ? ([
          ['pre-commit install', 'makes git run the hook, once in every clone'],
          ['pre-commit run tusklint --all-files', 'tries it'],
        ] as const)
      : []),
  ];
  const widest = Math.max(0, ...steps.map(([command]) => command.length));
  return [`\n${state}`, ...steps.map(([command, effect]) => `  ${command.padEnd(widest)}  ${effect}`), ''].join('\n');
}

const counted = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
