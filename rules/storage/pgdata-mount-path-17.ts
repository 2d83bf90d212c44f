import { addItemAt, fix, setScalar } from '../../src/fix/edits.ts';
import { mountPathNode } from '../../src/postgres/data-layout.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgdata-mount-path-17',
  summary: "The image's own volume hides the mount, so the data goes to a throw-away volume.",
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check({ container, dataDirectory, dataVolume, image, name, platform, workload }) {
    const { mount, shadowedBy } = dataVolume;
    if (shadowedBy === undefined || mount === undefined || container === undefined || workload?.partial === true)
      return;
    const setsDirectory = container.environment.some(v => v.name === 'PGDATA');
    // With `-D` the directory is another matter than the variable.
    const isPlain = setsDirectory || (dataDirectory.state === 'known' && dataDirectory.value === image.dataDirectory);
    const path = mountPathNode(container, mount);
    yield {
      at: mount.at,
      message: `"${name}" mounts its volume at ${mount.path}, but the image declares a volume of its own at ${shadowedBy}: ${dataDirectory.state === 'known' ? dataDirectory.value : 'the data'} lies on that throw-away volume, so it is gone when the container is replaced`,
      label: 'the data is not on this volume',
      help: `dump the database first, then mount the volume at ${shadowedBy} and keep PGDATA in a folder of it`,
      fix:
        platform === 'kubernetes' && container.node !== undefined && path !== undefined && isPlain
          ? fix(
              {
                title: `mount at ${shadowedBy}${setsDirectory ? '' : ' with PGDATA in a folder of it'} (dump the data first: it is not on the volume)`,
                applicability: 'unsafe',
                restarts: true,
              },
              setScalar(path, shadowedBy),
              ...(setsDirectory
                ? []
                : [addItemAt(container.node, ['env'], { name: 'PGDATA', value: `${shadowedBy}/pgdata` })]),
            )
          : undefined,
    };
  },
});
