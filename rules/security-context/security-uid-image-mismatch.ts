import { fix, setPath } from '../../src/fix/edits.ts';
import { dataOwner, serverSecurity, startUser } from '../../src/postgres/start-user.ts';
import type { Server } from '../../src/postgres/server.ts';
import { defineRule } from '../../src/types.ts';
import { getMap } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'security-uid-image-mismatch',
  summary: 'PostgreSQL runs as another user than the one that its image, or an init container, gives the data to.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { image, name, workload } = server;
    const user = startUser(server);
    if (workload === undefined || workload.partial || user?.explicit !== true || !user.uid) return;
    const owner = dataOwner(server);
    if (owner !== undefined && owner.value !== user.uid) {
      yield {
        at: user.at,
        message: `"${name}" runs as user ${user.uid}, but an init container gives the data directory to ${owner.value} before every start, so PostgreSQL ends with: data directory has wrong ownership`,
        help: `let the init container give it to ${user.uid}`,
        related: [{ at: owner.at, message: `gives it to ${owner.value}` }],
      };
      return;
    }
    if (
      (image.family !== 'official' && image.family !== 'bitnami') ||
      image.uid === undefined ||
      user.uid === image.uid
    )
      return;
    const other = image.family === 'official' && (user.uid === 999 || user.uid === 70);
    yield {
      at: user.at,
      severity: 'info',
      message: `"${name}" runs as user ${user.uid}${other ? `, which is "postgres" in the ${user.uid === 70 ? 'Alpine' : 'Debian'} images, but in this one it` : ', but in its image "postgres"'} is ${image.uid}: data that ${image.uid} made, before or elsewhere, is refused (data directory has wrong ownership)`,
      label: `the image has ${image.uid}`,
      help: `run as ${image.uid}, unless the data already belongs to ${user.uid}`,
      related: image.at === undefined ? [] : [{ at: image.at, message: 'the image' }],
      fix: asImage(server, user.uid),
    };
  },
});

/** The user, and the groups that were the same number. */
function asImage(server: Server, old: number) {
  const { container, image, workload } = server;
  const security = serverSecurity(server);
  const { uid } = image;
  if (security === undefined || uid === undefined) return undefined;
  const contexts = [getMap(container?.node, 'securityContext'), getMap(workload?.pod.spec, 'securityContext')];
  const facts = { runAsUser: security.runAsUser, runAsGroup: security.runAsGroup, fsGroup: security.fsGroup };
  const edits = Object.entries(facts).flatMap(([key, fact]) => {
    if (fact.state !== 'known' || fact.value !== old) return [];
    const map = contexts.find(
      c => c !== undefined && fact.at.start >= c.start && fact.at.end <= c.end && fact.at.path === c.path,
    );
    return [map && setPath(map, [key], uid)];
  });
  return fix({ title: `run as ${uid}`, applicability: 'unsafe', restarts: true }, ...edits);
}
