/** Probes that are safe to recommend for images that keep docker-library's entrypoint. */
import type { Yaml } from '../fix/edits.ts';
import { valueOf } from '../types.ts';
import type { Server } from './server.ts';

/** The role that pg_isready names: the image's superuser. A wrong one is logged at every check. */
function role({ container }: Server): string {
  return valueOf(container?.environment.find(v => v.name === 'POSTGRES_USER')?.value) ?? 'postgres';
}

/** Only TCP is closed while the first start's scripts run. */
export function readinessProbe(server: Server): Yaml {
  const port = String(valueOf(server.port) ?? 5432);
  return {
    exec: { command: ['pg_isready', '-h', '127.0.0.1', '-p', port, '-U', role(server)] },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  };
}

/** Ten minutes for recovery, on the socket: a first start that loads a dump listens there alone. */
export function startupProbe(server: Server): Yaml {
  const port = valueOf(server.port) ?? 5432;
  return {
    exec: { command: ['pg_isready', ...(port === 5432 ? [] : ['-p', String(port)]), '-U', role(server)] },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 60,
  };
}
