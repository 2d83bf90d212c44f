import { fix, replaceItems } from '../../src/fix/edits.ts';
import type { Container, Probe, Word } from '../../src/kubernetes/workload.ts';
import { type HealthCheck, healthCheck } from '../../src/postgres/health-check.ts';
import { inShell } from '../../src/postgres/probe-fixes.ts';
import { type Server, isEphemeral } from '../../src/postgres/server.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { get, getItems, getText } from '../../src/yaml/node.ts';

const OPERATOR = /^(&&|\|\||\||;|>|>>|<|2>&1|&)$/;

export default defineRule({
  id: 'probe-exec-unexpanded-variable',
  summary: 'A probe writes shell syntax where no shell runs.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { container, name, workload } = server;
    if (workload === undefined || workload.partial || container === undefined) return;
    for (const probe of Object.values(container.probes) as readonly (Probe | undefined)[]) {
      const check = healthCheck(probe);
      if (probe === undefined || check?.words === undefined) continue;
      const wrong = check.words.filter(w => faultOf(w, container) !== undefined);
      const [bad] = wrong;
      if (bad === undefined) continue;
      const isEmpty = faultOf(bad, container) === 'empty';
      const isHarmless = wrong.every(w => harmless(w, check, container));
      const passed = isEmpty
        ? `passes nothing for ${bad.value}, since probes see only variables with a literal value`
        : `passes "${bad.value}" as it stands, since no shell runs`;
      yield {
        at: bad.at,
        severity: isHarmless ? 'warning' : undefined,
        message: `the ${probe.kind} probe of "${name}" ${passed}${isHarmless ? harm(wrong, check) : consequence(probe, bad)}`,
        label: isEmpty ? 'nothing' : 'not expanded',
        help: 'run it by a shell (["sh", "-c", "exec …"]), which knows the variables of the container',
        fix: byShell(server, probe, check.words),
      };
    }
  },
});

function byShell(server: Server, { kind, node }: Probe, words: readonly Word[]): Problem['fix'] {
  const wrapped = inShell(words);
  const list = get(node, 'exec', 'command');
  if (wrapped === undefined || list?.kind !== 'seq') return undefined;
  const applicability = isEphemeral(server) ? 'unsafe' : 'safe';
  return fix({ title: `run the ${kind} probe by a shell`, applicability, restarts: true }, replaceItems(list, wrapped));
}

/** `$(NAME)` of a literal value was expanded before we see it; one that comes from a Secret expands to nothing. */
function faultOf({ value }: Word, { node }: Container): 'empty' | 'literal' | undefined {
  if (OPERATOR.test(value)) return 'literal';
  const name = /\$\(([A-Za-z_]\w*)\)/.exec(value)?.[1];
  if (name !== undefined) {
    if (!getItems(node, 'env').some(e => getText(e, 'name') === name)) return 'literal';
    // Where nothing is given, libpq takes these by itself.
    return /^PG(USER|DATABASE|HOST|PORT)$/.test(name) ? undefined : 'empty';
  }
  return /\$\{?[A-Za-z_]/.test(value) ? 'literal' : undefined;
}

/** The value of `-U` or `-d`, which pg_isready does not need; an empty `-h`, which is the socket. */
function harmless(word: Word, { program, words = [] }: HealthCheck, container: Container): boolean {
  const before = words[words.indexOf(word) - 1]?.value ?? '';
  if (program !== 'pg_isready') return false;
  const isIdentity = /^(-U|-d|--username|--dbname)$/.test(before) || /^(-[Ud]|--username=|--dbname=)./.test(word.value);
  return isIdentity || (/^(-h|--host)$/.test(before) && faultOf(word, container) === 'empty');
}

function harm(wrong: readonly Word[], { words = [] }: HealthCheck): string {
  const isHost = wrong.some(w => /^(-h|--host)$/.test(words[words.indexOf(w) - 1]?.value ?? ''));
  return isHost
    ? ': it asks the socket instead of that address'
    : ': pg_isready still answers, but at every check the server logs a role or database that does not exist';
}

const consequence = ({ kind }: Probe, { value }: Word) =>
  OPERATOR.test(value)
    ? ', so what stands behind it are arguments of the first program'
    : `, so ${kind === 'readiness' ? 'it fails and no client is sent here' : 'it fails and the server is killed again and again'}`;
