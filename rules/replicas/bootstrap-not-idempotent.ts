import { bootstraps } from '../../src/postgres/bootstrap.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'bootstrap-not-idempotent',
  summary: 'An init container makes the data directory without looking whether there is one.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    // A directory that is new at every start is always empty.
    if (isEphemeral(server)) return;
    const bare = bootstraps(server).filter(b => !b.guarded && b.script.shell.uncertain === undefined);
    for (const script of new Set(bare.map(b => b.script))) {
      const [first, ...others] = bare.filter(b => b.script === script);
      if (first === undefined) continue;
      const place = (b: typeof first) => locate(script.region, b.command.start, b.command.end);
      yield {
        at: place(first),
        message: `the init container "${script.container.name}" of "${server.name}" runs ${first.kind} at every start of the pod, so from the second start on it fails ("exists but is not empty"), with all of the data there`,
        label: 'runs at every start',
        help: 'run it only when "$PGDATA/PG_VERSION" does not exist',
        related: others.map(o => ({ at: place(o), message: `${o.kind} too` })),
      };
    }
  },
});
