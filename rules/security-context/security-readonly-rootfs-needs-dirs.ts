import { fix } from '../../src/fix/edits.ts';
import { mountsOpen } from '../../src/kubernetes/mounts.ts';
import { addItems } from '../../src/postgres/security-fixes.ts';
import { isEphemeral, type Server } from '../../src/postgres/server.ts';
import { serverSecurity } from '../../src/postgres/start-user.ts';
import { isWritable, missingDirectories } from '../../src/postgres/writable-directories.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'security-readonly-rootfs-needs-dirs',
  summary: 'The root file system is read-only, but a directory that PostgreSQL writes to is no volume.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { container, name, workload } = server;
    const readOnly = serverSecurity(server)?.readOnlyRootFilesystem;
    if (container === undefined || workload === undefined || workload.partial || mountsOpen(container)) return;
    if (readOnly?.state !== 'known' || !readOnly.value) return;
    const missing = missingDirectories(server) ?? [];
    const [first] = missing;
    if (first === undefined) return;
    yield {
      at: readOnly.at,
      message: `"${name}" has a read-only root file system and no volume at ${missing.map(m => m.path).join(' and ')}, so it does not start: ${first.failure}`,
      label: `${missing.map(m => m.path).join(', ')} cannot be written`,
      help: `mount an emptyDir at ${missing.map(m => m.path).join(' and at ')}`,
      fix: emptyDirs(
        server,
        missing.map(m => m.path),
      ),
    };
  },
});

/** An emptyDir for each path, and for /tmp, where shells and tools keep their files. */
function emptyDirs(server: Server, paths: readonly string[]) {
  const { container, workload } = server;
  const spec = workload?.pod.spec;
  if (container?.node === undefined || spec === undefined) return undefined;
  const all = [...new Set([...paths, ...(isWritable(server, '/tmp') ? [] : ['/tmp'])])];
  const taken = new Set(workload?.pod.volumes.map(v => v.name));
  const named = all.map(path => {
    const name = path.startsWith('/opt')
      ? `postgresql-${path.slice(path.lastIndexOf('/') + 1)}`
      : path === '/tmp'
        ? 'tmp'
        : 'run';
    return { path, name: taken.has(name) ? `postgres-${name}` : name };
  });
  if (new Set(named.map(n => n.name)).size < named.length || named.some(n => taken.has(n.name))) return undefined;
  return fix(
    {
      title: `an emptyDir at ${all.join(' and ')}`,
      applicability: isEphemeral(server) ? 'unsafe' : 'safe',
      restarts: true,
    },
    addItems(
      container.node,
      'volumeMounts',
      named.map(({ name, path }) => ({ name, mountPath: path })),
    ),
    addItems(
      spec,
      'volumes',
      named.map(({ name }) => ({ name, emptyDir: {} })),
    ),
  );
}
