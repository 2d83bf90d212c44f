import type { Environment } from '../../src/environment.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { parseImage } from '../../src/postgres/images.ts';
import { type Known, type Problem, defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'image-latest',
  summary: 'An image without a version, so a restart may bring another one.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      const { image, name } = server;
      if (image.reference.state !== 'known' || !isFloating(image.reference.value)) continue;
      const isOfficial = image.family === 'official' && image.exact;
      const keepsData = isOfficial && server.dataVolume.kind !== 'container' && !isEphemeral(server) && server.container?.mounts.length !== 0;
      yield {
        ...problem(image.reference),
        server,
        severity: keepsData ? 'error' : undefined,
        message: isOfficial
          ? `"${name}" runs "${image.reference.value}", whatever major that is on the day of the pull: the next one refuses the data directory of this one, and the database does not start`
          : `"${name}" runs "${image.reference.value}", whatever that is on the day of the pull, so a restart may change the version of PostgreSQL`,
        help: 'name the major and minor version that runs now',
      };
    }
    yield* helpers(environment);
  },
});

/** Poolers and exporters of a server: another version changes settings and metrics. */
function* helpers({ connections }: Environment): Iterable<Problem> {
  const seen = new Set<object>();
  for (const { container, role, workload } of connections) {
    if ((role !== 'pooler' && role !== 'exporter') || seen.has(container)) continue;
    seen.add(container);
    if (container.image.state !== 'known' || !isFloating(container.image.value)) continue;
    yield {
      ...problem(container.image),
      message: `the ${role} "${workload.resource.name}" runs "${container.image.value}", whatever that is on the day of the pull, so a restart may change how it reads its settings`,
      help: 'name the version that runs now',
    };
  }
}

const problem = (reference: Known<string>) => ({ at: reference.at, label: 'names no version' });

/** No tag and no digest, or a tag that names a variant alone. */
function isFloating(reference: string): boolean {
  const { digest, placeholder, tag } = parseImage(reference);
  if (digest !== undefined || placeholder) return false;
  return tag === undefined || /^(latest|alpine|bookworm|trixie|bullseye|stable|main|master|edge)$/.test(tag);
}
