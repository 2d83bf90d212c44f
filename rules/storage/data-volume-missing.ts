import { breaksOn18, lastingMounts } from '../../src/postgres/data-layout.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { defineRule } from '../../src/types.ts';

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
    const { kind, mount } = dataVolume;
    if (kind !== 'container' && (kind !== 'emptyDir' || mount === undefined)) return;
    // pgdata-mount-path-18 and pgdata-outside-volume say it more exactly.
    const isToldElsewhere = breaksOn18(server) !== undefined || dataDirectory.value !== image.dataDirectory;
    if (kind === 'container' && isToldElsewhere) return;
    const isCompose = platform === 'compose';
    const isJob = workload?.kind === 'Job' || workload?.kind === 'CronJob';
    const [other] = lastingMounts(server);
    yield {
      at: mount?.volumeAt ?? container.at,
      severity: isCompose || isJob || isThrowAway(server) ? 'info' : undefined,
      message: `${isCompose ? 'the service ' : ''}"${name}" keeps its data (${dataDirectory.value}) on ${consequence(kind, isCompose)}`,
      label: mount === undefined ? `no volume covers ${dataDirectory.value}` : 'an emptyDir lives as long as its pod',
      help: isCompose
        ? `mount a named volume at ${imageMount(dataDirectory.value)}`
        : `mount a claim, or a volumeClaimTemplate of a StatefulSet, at ${imageMount(dataDirectory.value)}`,
      related:
        mount !== undefined || other === undefined
          ? []
          : [{ at: other.at, message: `the volume at ${other.path} does not hold the data directory` }],
    };
  },
});

function consequence(kind: 'container' | 'emptyDir', isCompose: boolean): string {
  if (isCompose) return 'no named volume, so `docker compose down` leaves it behind and the next start is empty';
  const place = kind === 'emptyDir' ? 'an emptyDir' : 'no volume';
  return `${place}, so the database is gone when the pod is replaced`;
}

/** Where the volume goes: the image of 18 wants it above the folder of the major. */
const imageMount = (directory: string) => directory.replace(/\/\d+\/docker$/, '');
