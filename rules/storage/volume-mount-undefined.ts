import type { Environment } from '../../src/environment.ts';
import { find } from '../../src/environment.ts';
import { addItemAt, fix } from '../../src/fix/edits.ts';
import { volumeOf } from '../../src/kubernetes/mounts.ts';
import type { Mount } from '../../src/kubernetes/workload.ts';
import { isEphemeral, type Server } from '../../src/postgres/server.ts';
import { type Problem, defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'volume-mount-undefined',
  summary: 'A container mounts a volume that the pod does not have, so the API server rejects it.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      const { workload } = server;
      if (workload === undefined || workload.partial) continue;
      const undefinedMounts = workload.pod.containers
        .flatMap(c => c.mounts)
        .filter(m => m.volume !== undefined && volumeOf(workload, m) === undefined);
      for (const [name, [first, ...others]] of byVolume(undefinedMounts)) {
        if (first === undefined) continue;
        yield {
          at: first.volumeAt,
          server,
          message: `${workload.kind} "${workload.resource.name}" mounts the volume "${name}", which is neither among its volumes nor a claim template, so the API server rejects it`,
          label: 'no volume has this name',
          help: `add the volume "${name}" to the pod, or remove the mount`,
          related: others.map(o => ({ at: o.volumeAt, message: 'mounted here too' })),
          fix: addVolume(environment, server, name),
        };
      }
    }
  },
});

function byVolume(mounts: readonly Mount[]): ReadonlyMap<string, readonly Mount[]> {
  const groups = new Map<string, Mount[]>();
  for (const mount of mounts) groups.set(mount.volume ?? '', [...(groups.get(mount.volume ?? '') ?? []), mount]);
  return groups;
}

/** The one ConfigMap, Secret or claim of that name is surely what was meant. */
function addVolume(environment: Environment, server: Server, name: string): Problem['fix'] {
  if (server.workload === undefined) return undefined;
  const { pod, resource } = server.workload;
  const sources = [
    ...find(environment, 'ConfigMap', name, resource.namespace).map(() => ({ configMap: { name } })),
    ...find(environment, 'Secret', name, resource.namespace).map(() => ({ secret: { secretName: name } })),
    ...find(environment, 'PersistentVolumeClaim', name, resource.namespace).map(() => ({
      persistentVolumeClaim: { claimName: name },
    })),
  ];
  const [source] = sources;
  if (source === undefined || sources.length > 1 || pod.spec === undefined) return undefined;
  return fix(
    {
      title: `add the volume "${name}" from the ${kindOf(source)} of that name`,
      applicability: isEphemeral(server) ? 'unsafe' : 'safe',
      restarts: true,
    },
    addItemAt(pod.spec, ['volumes'], { name, ...source }),
  );
}

const kindOf = (source: object) =>
  'configMap' in source ? 'ConfigMap' : 'secret' in source ? 'Secret' : 'PersistentVolumeClaim';
