import { superuserOf } from '../../src/postgres/superuser.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'app-uses-superuser',
  summary: 'An application logs in as the superuser that the image creates.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      const { name, at, clients, chosen } = superuserOf(server, environment) ?? {};
      if (at === undefined || clients === undefined) continue;
      const [first] = clients;
      const role = name === undefined ? 'the role of POSTGRES_USER' : `"${name}"`;
      if (first === undefined) {
        if (chosen !== true) continue;
        yield {
          server,
          at,
          severity: 'info',
          message: `POSTGRES_USER makes ${role} a superuser of "${server.name}", so an application that logs in with it can read files and run programs in the container`,
          label: 'a superuser',
          help: 'leave POSTGRES_USER to administration, and create a role without that right for the application (/docker-entrypoint-initdb.d)',
        };
        continue;
      }
      const names = [...new Set(clients.map(c => `"${c.workload.resource.name}"`))];
      yield {
        server,
        at,
        message: `${names.join(', ')} ${names.length > 1 ? 'log' : 'logs'} in as ${role}, the superuser of "${server.name}", so a flaw there can read every database, and files and programs in its container`,
        label: 'a superuser',
        help: clients.every(c => c.role === 'exporter')
          ? 'create a role for the exporter, and grant it pg_monitor'
          : 'create a role that owns the database of the application, without SUPERUSER, and grant pg_monitor to one for the exporter',
        related: clients.map(c => ({ at: c.user.at ?? c.at, message: `${c.role} "${c.workload.resource.name}"` })),
      };
    }
  },
});
