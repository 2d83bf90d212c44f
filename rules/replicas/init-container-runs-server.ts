import { commandName } from '../../src/formats/shell.ts';
import { effectiveSecurity } from '../../src/kubernetes/security-context.ts';
import { bootstraps } from '../../src/postgres/bootstrap.ts';
import { serverImage } from '../../src/postgres/images.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'init-container-runs-server',
  summary: 'An init container starts a server that dies with it, or runs it as root.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { name, scripts, workload } = server;
    if (workload === undefined) return;
    for (const script of scripts) {
      if (script.role !== 'init' || script.shell.uncertain !== undefined) continue;
      const { container, region, shell } = script;
      const named = (verb: string) =>
        shell.commands.filter(c => commandName(c) === 'pg_ctl' && c.words.some(w => w.literal && w.text === verb));
      const [start] = named('start');
      const isLeft = start !== undefined && named('stop').length === 0;
      const image = serverImage(container.image, container.at);
      const security = effectiveSecurity(workload.pod, container);
      const isRoot =
        image.rootEntrypoint && (valueOf(security.runAsUser) ?? 0) === 0 && security.runAsUser.state !== 'unknown';
      const programs = [
        ...bootstraps(server)
          .filter(b => b.script === script && b.kind === 'initdb')
          .map(b => b.command),
        ...named('start'),
      ];
      // `gosu postgres initdb` drops root by itself.
      const asRoot = isRoot ? programs.find(c => /^(.*\/)?(initdb|pg_ctl)$/.test(c.words[0]?.text ?? '')) : undefined;
      const at = asRoot ?? (isLeft ? start : undefined);
      if (at === undefined) continue;
      const gaps = [
        asRoot === undefined
          ? undefined
          : `runs ${asRoot.words[0]?.text} as root, which it refuses ("cannot be run as root")`,
        isLeft
          ? 'starts a server and ends without stopping it, so the server is killed in the middle of its work'
          : undefined,
      ].filter(g => g !== undefined);
      yield {
        at: locate(region, at.start, at.end),
        message: `the init container "${container.name}" of "${name}" ${gaps.join(', and ')}`,
        label: asRoot === undefined ? 'never stopped' : 'runs as root',
        help: "leave initialisation to the image's entrypoint and /docker-entrypoint-initdb.d, and replication to an operator",
        related:
          isLeft && at !== start
            ? [{ at: locate(region, start.start, start.end), message: 'started here, never stopped' }]
            : [],
      };
    }
  },
});
