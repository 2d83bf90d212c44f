import { addItemAt, fix } from '../../src/fix/edits.ts';
import { mountFor, mountsOpen } from '../../src/kubernetes/mounts.ts';
import { isEphemeral, type Server } from '../../src/postgres/server.ts';
import { effective } from '../../src/postgres/settings.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { entry, getBoolean } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'shm-volume-missing',
  summary: '/dev/shm has the 64 MB that a container gets, so parallel queries and vacuums that need more fail.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  aliases: ['compose-no-shm-size'],
  on: 'server',
  *check(server) {
    const { container, intended, name, platform, workload } = server;
    if (container?.node === undefined || server.certainty !== 'certain' || workload?.partial === true) return;
    if (mountsOpen(container) || mountFor(container, '/dev/shm') !== undefined) return;
    const memory = effective(intended, 'dynamic_shared_memory_type');
    if (memory === 'sysv' || memory === 'mmap') return;
    const isCompose = platform === 'compose';
    if (isCompose && ['shm_size', 'ipc', 'extends', 'tmpfs'].some(key => entry(container.node, key) !== undefined))
      return;
    if (getBoolean(workload?.pod.spec, 'hostIPC') === true) return;
    const isSerial = effective(intended, 'max_parallel_workers_per_gather') === 0;
    yield {
      at: container.at,
      severity: isCompose || isSerial ? 'info' : undefined,
      message: `${isCompose ? 'the service' : 'the server'} "${name}" has the 64 MB of /dev/shm that a container gets, so parallel queries and vacuums that need more fail with: could not resize shared memory segment: No space left on device`,
      label: isCompose ? 'shm_size is not set' : 'nothing is mounted at /dev/shm',
      help: isCompose ? 'set shm_size: 256mb' : 'mount an emptyDir with medium: Memory at /dev/shm',
      fix: isCompose ? undefined : shmVolume(server),
    };
  },
});

/** A volume in memory, and its mount. */
function shmVolume(server: Server): Problem['fix'] {
  const { container, workload } = server;
  const spec = workload?.pod.spec;
  if (spec === undefined || container?.node === undefined) return undefined;
  const isTaken = workload?.pod.volumes.some(v => v.name === 'dshm') === true;
  const name = isTaken ? 'postgres-shm' : 'dshm';
  return fix(
    {
      title: `mount a volume in memory at /dev/shm${isEphemeral(server) ? ' (the restart deletes the data)' : ''}`,
      applicability: isEphemeral(server) ? 'unsafe' : 'safe',
      restarts: true,
    },
    addItemAt(container.node, ['volumeMounts'], { name, mountPath: '/dev/shm' }),
    addItemAt(spec, ['volumes'], { name, emptyDir: { medium: 'Memory' } }),
  );
}
