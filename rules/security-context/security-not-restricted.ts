import { fix } from '../../src/fix/edits.ts';
import { moveWarning } from '../../src/postgres/data-folder.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { type Gap, gapPlace, restrict, restrictedGaps } from '../../src/postgres/restricted.ts';
import { isEphemeral, type Server } from '../../src/postgres/server.ts';
import { dataPlace, startUser } from '../../src/postgres/start-user.ts';
import { composed, defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'security-not-restricted',
  summary: 'The container of PostgreSQL may do more than Pod Security "restricted" allows.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  aliases: [
    'security-run-as-non-root',
    'security-allow-privilege-escalation',
    'security-capabilities',
    'security-seccomp',
    'security-service-account-token',
  ],
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      if (server.workload === undefined || server.workload.partial) continue;
      const gaps = restrictedGaps(server, environment);
      if (gaps.length === 0) continue;
      yield composed(gaps, left => ({
        at: gapPlace(server, left),
        server,
        severity: left.every(g => g.minor) || isThrowAway(server) ? 'info' : undefined,
        message: `"${server.name}" ${listed(left.map(g => g.text))}, so ${consequence(left)}`,
        label: server.container?.securityContext === undefined ? 'no securityContext' : undefined,
        help: remedy(server, left),
        fix: bundle(server, left),
      }));
    }
  },
});

const listed = (texts: readonly string[]) =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;

function consequence(gaps: readonly Gap[]): string {
  const refused = 'a namespace that enforces Pod Security "restricted" refuses the pod';
  if (gaps.every(g => g.id === 'security-service-account-token')) {
    return 'whoever gets into the container can use it, while PostgreSQL has no need for it';
  }
  return gaps.every(g => g.minor) ? refused : `a break-in goes further than it must, and ${refused}`;
}

function remedy(server: Server, gaps: readonly Gap[]): string {
  const wanted = listed(gaps.map(g => g.remedy));
  if (!gaps.some(g => g.id === 'security-run-as-non-root') || startUser(server)?.isRoot !== true)
    return `set ${wanted}`;
  const user =
    server.image.uid === undefined ? 'runAsUser and fsGroup' : `runAsUser and fsGroup to ${server.image.uid}`;
  return dataPlace(server) === 'root'
    ? `move PGDATA into a folder of its volume first (the top of a volume belongs to root); then set ${user}, and ${wanted}`
    : `set ${user}, and ${wanted}`;
}

function bundle(server: Server, gaps: readonly Gap[]) {
  const { edits, asUser, movesTo } = restrict(server, gaps);
  const title =
    asUser === undefined
      ? 'close the gaps in the securityContext'
      : `start as user ${asUser} under "restricted"${moveWarning(movesTo)}`;
  const applicability = asUser === undefined && !isEphemeral(server) ? 'safe' : 'unsafe';
  return fix({ title, applicability, restarts: true }, edits);
}
