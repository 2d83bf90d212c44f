import { lastingMounts } from '../../src/postgres/data-layout.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgdata-outside-volume',
  summary: 'PGDATA points outside of the volume that was meant for it.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { container, dataDirectory, dataVolume, image, name, workload, platform } = server;
    if (container === undefined || workload?.partial === true || dataVolume.kind !== 'container') return;
    if (dataDirectory.state !== 'known' || dataDirectory.value === image.dataDirectory) return;
    const [lasting] = lastingMounts(server);
    const isCompose = platform === 'compose';
    const isMinor = lasting === undefined && (isCompose || isThrowAway(server));
    yield {
      at: dataDirectory.at,
      severity: isMinor ? 'info' : undefined,
      message: `"${name}" keeps its data in ${dataDirectory.value}, which ${lasting === undefined ? 'no volume covers' : `is outside of the volume at ${lasting.path}`}, so the database is gone when the ${isCompose ? 'container' : 'pod'} is replaced`,
      label: 'on no volume',
      help:
        lasting === undefined
          ? `mount a volume at ${dataDirectory.value}`
          : `dump what is there, then set PGDATA to a folder below ${lasting.path}`,
      related: lasting === undefined ? [] : [{ at: lasting.at, message: `the volume is mounted at ${lasting.path}` }],
    };
  },
});
