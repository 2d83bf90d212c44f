import type { Environment } from '../../src/environment.ts';
import { lastingMounts } from '../../src/postgres/data-layout.ts';
import { parseImage } from '../../src/postgres/images.ts';
import type { Server } from '../../src/postgres/server.ts';
import { type Known, type Problem, defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'image-latest',
  summary: 'An image without a version, so a restart may bring another one.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      const { reference } = server.image;
      if (reference.state === 'known' && isFloating(reference.value)) yield ofServer(server, reference);
    }
    yield* ofHelpers(environment);
  },
});

function ofServer(server: Server, { value, at }: Known<string>): Problem {
  const { image, name } = server;
  const what = `"${name}" runs the image "${value}", whatever that is on the day of the pull`;
  const major = valueOf(image.major);
  if (major !== undefined) {
    const message = `${what}, so ${server.platform === 'compose' ? 'the next pull' : 'a restart'} may bring another minor version of PostgreSQL ${major} without a commit that says so`;
    return { at, server, severity: 'info', message, label: 'names no version', help: 'name the version that runs now' };
  }
  // Compose pulls when it is told to, a cluster whenever a pod starts on another node.
  const isCompose = server.platform === 'compose';
  const keepsData = image.family === 'official' && image.exact && lastingMounts(server).length > 0;
  return {
    at,
    server,
    severity: keepsData && !isCompose ? 'error' : undefined,
    message: keepsData
      ? `${what}: the next major refuses the data directory of this one, and the database does not start`
      : `${what}, so ${isCompose ? 'the next pull' : 'a restart'} may bring another major version of PostgreSQL`,
    label: 'names no version',
    help: 'name the major and minor version that runs now',
  };
}

/** Poolers and exporters of a server: another version changes settings and metrics. */
function* ofHelpers({ connections }: Environment): Iterable<Problem> {
  const seen = new Set<object>();
  for (const { container, role, workload } of connections) {
    if ((role !== 'pooler' && role !== 'exporter') || seen.has(container)) continue;
    seen.add(container);
    if (container.image.state !== 'known' || !isFloating(container.image.value)) continue;
    yield {
      at: container.image.at,
      message: `the ${role} "${workload.resource.name}" runs the image "${container.image.value}", whatever that is on the day of the pull, so a restart may bring a version that ${role === 'pooler' ? 'reads its settings otherwise' : 'names its metrics otherwise'}`,
      label: 'names no version',
      help: 'name the version that runs now',
    };
  }
}

/** No tag and no digest, or a tag that names a variant alone. */
function isFloating(reference: string): boolean {
  const { digest, placeholder, tag } = parseImage(reference);
  if (digest !== undefined || placeholder) return false;
  return tag === undefined || /^(latest|alpine|bookworm|trixie|bullseye|stable|main|master|edge)$/.test(tag);
}
