import { bootstraps } from '../../src/postgres/bootstrap.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

const FIRST_START = /^POSTGRES_(USER|DB|PASSWORD|PASSWORD_FILE|INITDB_ARGS)$/;

export default defineRule({
  id: 'init-only-env-changed',
  summary: 'Variables that act only at the first start never act, since an init container has made the data directory.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { container, image, name, start } = server;
    if (container === undefined || image.family !== 'official' || start.kind !== 'entrypoint') return;
    // A copy that pg_basebackup fills has the roles of its primary, which these variables may well have made.
    const bootstrap = bootstraps(server).find(b => b.kind === 'initdb');
    const [first, ...others] = container.environment.filter(v => FIRST_START.test(v.name));
    if (bootstrap === undefined || first === undefined) return;
    const names = [first, ...others].map(v => v.name).join(', ');
    yield {
      at: first.at,
      message: `${names} of "${name}" ${others.length === 0 ? 'has' : 'have'} no effect: the entrypoint reads them only for an empty data directory, and the init container "${bootstrap.script.container.name}" has filled it, so it creates neither the role nor the database`,
      label: 'never read',
      help: 'create the role and the database where the data directory is made',
      related: [
        {
          at: locate(bootstrap.script.region, bootstrap.command.start, bootstrap.command.end),
          message: 'makes the data directory',
        },
      ],
    };
  },
});
