/** The command line: commands, flags, and how a run ends. */
import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../user-error.ts';
import { version } from '../version.ts';
import { day, majorVersion, oneOf, outputOf, ruleLevel, severities } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { reportFormats } from './reports.ts';

/** Runs a command line and gives the exit code: 0 clean, 1 findings that count, 2 could not run properly. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const outcome = { code: 0 };
  try {
    await program(io, outcome).parseAsync([...args], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      io.complain(`tusklint: ${oneLine(error.message)}\n`);
    } else if (error instanceof UserError) io.complain(`tusklint: ${error.message}\n`);
    else io.complain(`tusklint: internal error: ${error instanceof Error ? trace(error) : String(error)}\n`);
    return 2;
  }
}

const oneLine = (message: string): string =>
  message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace('(Did', '(did');

/** An error with where it comes from, and what caused it. */
function trace(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${trace(error.cause)}` : own;
}

function program(io: Io, outcome: { code: number }): Command {
  const root = new Command('tusklint')
    .description(
      'Finds every PostgreSQL in a GitOps repository, works out how it would really run, and reports what would break.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => {}, getOutHelpWidth: () => io.terminal?.columns ?? 100 });
  root.action((_options, command: Command) => {
    const [first] = command.args;
    if (first === undefined) {
      io.write(root.helpInformation());
      return;
    }
    throw new UsageError(
      `there is no command "${first}": lint, hook, audit, inspect, rules, explain or init (to lint a path: tusklint lint ${first})`,
    );
  });
  root.allowExcessArguments();

  const collect =
    <T>(read: (value: string) => T) =>
    (value: string, before: readonly T[] = []): readonly T[] => [...before, read(value)];
  const pgVersion = () =>
    new Option('--pg-version <major>', 'judge by this major where no image tells').argParser(majorVersion);
  const configFlag = (command: Command) =>
    command
      .option('--config <file>', 'use this configuration instead of the nearest tusklint.yaml')
      .option('--no-config', 'use no configuration');
  const stdinFilename = () =>
    new Option('--stdin-filename <name>', 'the path that the text of standard input is reported under').default(
      'stdin',
      '"stdin"',
    );

  /** The flags of every command that reports findings. */
  const reporting = (command: Command): Command =>
    configFlag(
      command
        .addOption(
          new Option(
            '--format <format[=file]>',
            `${reportFormats.join(', ')}; repeatable; without a file to standard output`,
          )
            .argParser(collect(outputOf(reportFormats)))
            .default([], 'text'),
        )
        .addOption(
          new Option('--preset <preset>', 'recommended or strict').argParser(
            oneOf('--preset', ['recommended', 'strict']),
          ),
        )
        .addOption(
          new Option('--min-severity <severity>', 'the least that reports for people show: error, warning or info')
            .argParser(oneOf('--min-severity', severities))
            .default('warning', 'warning'),
        )
        .addOption(
          new Option('--fail-on <severity>', 'the least that makes the exit code 1: error, warning, info or never')
            .argParser(oneOf('--fail-on', [...severities, 'never']))
            .default('error', 'error'),
        )
        .option('--fail-on-skipped', 'exit with 2 when something could not be judged', false)
        .addOption(
          new Option('--rule <id=level>', 'set a rule to off, error, warning or info; repeatable')
            .argParser(collect(ruleLevel))
            .default([], 'none'),
        ),
    )
      .addOption(pgVersion())
      .addOption(
        new Option('--now <day>', 'the day that ends of life are judged against, as YYYY-MM-DD').argParser(day),
      )
      .addOption(
        new Option('--color <when>', 'auto, always or never')
          .argParser(oneOf('--color', ['auto', 'always', 'never']))
          .default('auto', 'auto'),
      );
  const fixing = (command: Command): Command =>
    command
      .option('--fix', 'apply the safe fixes to the files', false)
      .option('--unsafe-fixes', 'with --fix or --diff: the unsafe ones too', false)
      .option('--diff', 'print what --fix would do as a patch, and change nothing', false);
  const baselining = (command: Command): Command =>
    command
      .option('--baseline <file>', 'leave out the findings that this file lists')
      .option('--update-baseline', 'write the findings to the baseline', false);

  baselining(
    fixing(
      reporting(
        root
          .command('lint')
          .description('judge files, folders, or standard input (-)')
          .argument('[paths...]', 'files and folders', ['.']),
      ),
    ),
  )
    .option('--base <rev>', 'report only what this tree has and the revision of git has not')
    .option('--staged', "judge git's index instead of the working tree", false)
    .option('--explain-file <path>', 'say what became of a file, and do nothing else')
    .addOption(stdinFilename())
    .action(async (paths: readonly string[], options) => {
      const { lintCommand } = await import('./lint.ts');
      outcome.code = await lintCommand(paths, options, io);
    });

  fixing(
    reporting(
      root
        .command('hook')
        .description('judge what is staged, as a hook of git: what is new since HEAD, or touches the files')
        .argument('[files...]', 'the files of the commit; without any those that are staged'),
    ),
  ).action(async (files: readonly string[], options) => {
    const { hookCommand } = await import('./hook.ts');
    outcome.code = await hookCommand(files, { ...options, stdinFilename: '' }, io);
  });

  baselining(
    reporting(
      root
        .command('audit')
        .description('judge what a cluster runs: an export (- for standard input), or --context through kubectl')
        .argument('[export]', 'what kubectl get … -o json (or yaml) printed'),
    ),
  )
    .option('--context <name>', 'ask the cluster of this context; nothing is ever written to it')
    .option('-n, --namespace <namespace>', 'with --context: ask for one namespace')
    .option('-A, --all-namespaces', 'with --context: ask for all namespaces', false)
    .option('--print-export-command', 'print a command that makes an export, and do nothing else', false)
    .addOption(stdinFilename())
    .action(async (file: string | undefined, options) => {
      const { auditCommand } = await import('./audit.ts');
      outcome.code = await auditCommand(file, options, io);
    });

  const inspect = root
    .command('inspect')
    .description('show every server: its version, memory, and settings with where each comes from')
    .argument('[paths...]', 'files and folders', ['.'])
    .addOption(
      new Option('--format <format>', 'text or json')
        .argParser(oneOf('--format', ['text', 'json']))
        .default('text', 'text'),
    );
  configFlag(inspect)
    .addOption(pgVersion())
    .addOption(stdinFilename())
    .action(async (paths: readonly string[], options) => {
      const { inspectCommand } = await import('./inspect.ts');
      outcome.code = await inspectCommand(paths, options, io);
    });

  root
    .command('rules')
    .description('list the rules')
    .addOption(
      new Option('--format <format>', 'text, json or markdown')
        .argParser(oneOf('--format', ['text', 'json', 'markdown']))
        .default('text', 'text'),
    )
    .action(async options => {
      const { rulesCommand } = await import('./rules.ts');
      outcome.code = await rulesCommand(options, io);
    });

  root
    .command('explain')
    .description('print the page of a rule')
    .argument('<rule>', 'its id')
    .action(async (id: string) => {
      const { explainCommand } = await import('./explain.ts');
      outcome.code = await explainCommand(id, io);
    });

  root
    .command('init')
    .description('write a configuration with every key explained; nothing is overwritten')
    .option('--hook', 'add the hook to .pre-commit-config.yaml', false)
    .option('--workflow', 'write .github/workflows/tusklint.yml', false)
    .action(async options => {
      const { initCommand } = await import('./init.ts');
      outcome.code = await initCommand(options, io);
    });
  return root;
}
