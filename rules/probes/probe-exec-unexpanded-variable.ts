import type { Container, Probe, Word } from '../../src/kubernetes/workload.ts';
import { healthCheck } from '../../src/postgres/health-check.ts';
import { defineRule } from '../../src/types.ts';

const OPERATOR = /^(&&|\|\||\||;|>|>>|<|2>&1|&)$/;

export default defineRule({
  id: 'probe-exec-unexpanded-variable',
  summary: 'A probe writes shell syntax where no shell runs.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check({ container, name, workload }) {
    if (workload === undefined || workload.partial || container === undefined) return;
    for (const probe of Object.values(container.probes) as readonly (Probe | undefined)[]) {
      const check = healthCheck(probe);
      if (probe === undefined || check?.words === undefined) continue;
      const { words } = check;
      const bad = words.find(w => isUnexpanded(w.value, container) || OPERATOR.test(w.value));
      if (bad === undefined) continue;
      const harmless = check.program === 'pg_isready' && words.every((w, i) => !isBad(w, container) || isIdentity(words, i));
      yield {
        at: bad.at,
        severity: harmless ? 'warning' : undefined,
        message: harmless
          ? `the ${probe.kind} probe of "${name}" passes "${bad.value}" as it stands, since no shell runs: pg_isready still answers, but the server logs a connection of a role or database that does not exist at every check`
          : `the ${probe.kind} probe of "${name}" passes "${bad.value}" as it stands, since no shell runs, so it does not check what it says`,
        label: 'not expanded',
        help: 'run it by a shell (["sh", "-c", "exec …"]), or write $(NAME) of a variable with a literal value',
      };
    }
  },
});

/** `$(NAME)` of the container's own variables was expanded before we see it. */
function isUnexpanded(text: string, { environment, environmentOpen }: Container): boolean {
  const reference = /\$\(([A-Za-z_]\w*)\)/.exec(text);
  if (reference !== null) return !environmentOpen && !environment.some(v => v.name === reference[1]);
  return /\$\{?[A-Za-z_]/.test(text);
}

const isBad = (word: Word, container: Container) => isUnexpanded(word.value, container) || OPERATOR.test(word.value);

/** The value of `-U` or `-d`, which pg_isready does not need. */
const isIdentity = (words: readonly Word[], index: number) =>
  /^(-U|-d|--username|--dbname)$/.test(words[index - 1]?.value ?? '') || /^(-U|-d|--username=|--dbname=)./.test(words[index]?.value ?? '');
