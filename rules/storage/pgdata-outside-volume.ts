import { volumeOf } from '../../src/kubernetes/mounts.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgdata-outside-volume',
  summary: 'PGDATA points outside of the volume that was meant for it.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check({ container, dataDirectory, dataVolume, image, name, workload, platform }) {
    if (container === undefined || workload?.partial === true || dataVolume.kind !== 'container') return;
    if (dataDirectory.state !== 'known' || dataDirectory.value === image.dataDirectory) return;
    const persistent = container.mounts.find(m => {
      const kind = workload === undefined ? undefined : volumeOf(workload, m)?.source.kind;
      return kind === 'claimTemplate' || kind === 'persistentVolumeClaim' || kind === 'ephemeral' || kind === 'hostPath';
    });
    yield {
      at: dataDirectory.at,
      severity: platform === 'compose' ? 'warning' : undefined,
      message: `"${name}" keeps its data in ${dataDirectory.value}, which ${persistent === undefined ? 'no volume covers' : `is outside of the volume at ${persistent.path}`}, so the database is gone when the ${platform === 'compose' ? 'container' : 'pod'} is replaced`,
      label: 'on no volume',
      help:
        persistent === undefined
          ? `mount a volume at ${dataDirectory.value}`
          : `set PGDATA to a folder below ${persistent.path}`,
      related: persistent === undefined ? [] : [{ at: persistent.at, message: `the volume is mounted at ${persistent.path}` }],
    };
  },
});
