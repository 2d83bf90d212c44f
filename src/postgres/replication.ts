/** Whether something makes the copies of a server replicate. */
import type { DeclaredServer } from '../adapters/declared.ts';
import type { ContainerFiles } from '../container-files.ts';
import type { Container, Volume } from '../kubernetes/workload.ts';
import type { Replication } from './server.ts';

const REPLICATION_VARIABLE =
  /^(POSTGRES(QL)?_(REPLICATION_MODE|MASTER_HOST|MASTER_SERVICE_HOST|PRIMARY_HOST)|REPLICATE_FROM|PG_(PRIMARY|MASTER)_HOST|PG_MODE|PGHOST_PRIMARY|PRIMARY_HOST|MASTER_HOST)$/;
const REPLICATION_WORDS = /pg_basebackup|standby\.signal|primary_conninfo|pg_rewind|recovery\.conf/;

/** Looks at the image, the variables, the scripts and the mounted files; `unknown` where what decides is not here. */
export function replicationOf({ image, container, volumes, scripts, files, workload }: DeclaredServer): Replication {
  const variable = (test: (name: string) => boolean) => container.environment.find(v => test(v.name));
  const patroni = variable(n => n.startsWith('PATRONI_') || n === 'SPILO_CONFIGURATION');
  if (patroni !== undefined) return { mechanism: 'patroni', at: patroni.at };
  if (/spilo|patroni/.test(image.repository ?? '')) return { mechanism: 'patroni', at: image.at };
  const repmgr = variable(n => n.startsWith('REPMGR_'));
  if (repmgr !== undefined) return { mechanism: 'repmgr', at: repmgr.at };
  if (/repmgr|pgpool/.test(image.repository ?? '')) return { mechanism: 'repmgr', at: image.at };
  const mode = variable(n => REPLICATION_VARIABLE.test(n));
  if (mode !== undefined) return { mechanism: 'environment', at: mode.at };
  const script = scripts.find(
    s => REPLICATION_WORDS.test(s.region.text) || /\bpatroni\b|\brepmgr\b/.test(s.region.text),
  );
  if (script !== undefined) return { mechanism: 'script', at: script.region.name };
  const file = files.files.find(
    f => REPLICATION_WORDS.test(f.region.text) || /\b(patroni|repmgr)\b/i.test(f.region.text),
  );
  if (file !== undefined) return { mechanism: /patroni/i.test(file.region.text) ? 'patroni' : 'script', at: file.via };
  const helper = workload?.pod.containers.find(
    c => c !== container && c.role !== 'main' && c.command.state !== 'known',
  );
  if (helper !== undefined) return { mechanism: 'unknown', at: helper.at };
  if (image.family !== 'official' && image.family !== 'bitnami') return { mechanism: 'unknown', at: image.at };
  if (container.environmentOpen || mountsUnseenScripts(container, volumes, files)) {
    return { mechanism: 'unknown', at: container.at };
  }
  return { mechanism: 'none', at: undefined };
}

/** A ConfigMap or a folder of the host, either of which may hold scripts, is mounted and not here. */
function mountsUnseenScripts(container: Container, volumes: readonly Volume[], files: ContainerFiles): boolean {
  return container.mounts.some(mount => {
    const kind = volumes.find(v => v.name === mount.volume)?.source.kind;
    return (
      (kind === 'configMap' || kind === 'bind' || kind === 'projected') && files.unseen.some(u => u.via === mount.at)
    );
  });
}
