import { isWithin } from '../../src/kubernetes/mounts.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { breaksOn18 } from '../../src/postgres/data-layout.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'data-volume-missing',
  summary: 'The data directory lies on no volume that outlives the pod.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  aliases: ['data-on-emptydir', 'compose-no-volume'],
  on: 'server',
  *check(server) {
    const { container, dataDirectory, dataVolume, image, name, platform, workload } = server;
    if (container === undefined || dataDirectory.state !== 'known' || workload?.partial === true) return;
    if (dataVolume.kind !== 'container' && dataVolume.kind !== 'emptyDir') return;
    // These say it more exactly.
    if (breaksOn18(server) !== undefined || dataDirectory.value !== image.dataDirectory) {
      if (dataVolume.kind === 'container') return;
    }
    const isCompose = platform === 'compose';
    const elsewhere = container.mounts.find(m => isWithin(dataDirectory.value, m.path) || /data|postgres/.test(m.path));
    const isEmptyDir = dataVolume.kind === 'emptyDir' && dataVolume.mount !== undefined;
    yield {
      at: isEmptyDir && dataVolume.mount !== undefined ? dataVolume.mount.volumeAt : container.at,
      severity: isCompose || isThrowAway(server) ? 'info' : undefined,
      message: isEmptyDir
        ? `"${name}" keeps its data (${dataDirectory.value}) on an emptyDir, so the database is gone when the pod is replaced`
        : isCompose
          ? `the service "${name}" keeps its data (${dataDirectory.value}) on no named volume, so \`docker compose down\` loses it`
          : `"${name}" keeps its data (${dataDirectory.value}) on no volume, so the database is gone when the pod is replaced`,
      label: isEmptyDir ? 'an emptyDir lives as long as its pod' : `no volume covers ${valueOf(dataDirectory)}`,
      help: isCompose
        ? `mount a named volume at ${dataDirectory.value}`
        : `mount a claim, or a volumeClaimTemplate of a StatefulSet, at ${dataDirectory.value}`,
      related:
        elsewhere === undefined || isEmptyDir ? [] : [{ at: elsewhere.at, message: `mounted at ${elsewhere.path}, which does not hold the data directory` }],
    };
  },
});
