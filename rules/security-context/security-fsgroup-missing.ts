import { fix } from '../../src/fix/edits.ts';
import { fsGroupEdits } from '../../src/postgres/security-fixes.ts';
import { dataPlace, preparesData, serverSecurity, startUser } from '../../src/postgres/start-user.ts';
import { defineRule } from '../../src/types.ts';
import { keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'security-fsgroup-missing',
  summary: 'PostgreSQL starts as its own user, but nothing lets that user write to a new volume.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { certainty, container, dataVolume, image, name, workload } = server;
    const security = serverSecurity(server);
    const user = startUser(server);
    if (security === undefined || workload?.pod.spec === undefined || workload.partial || certainty !== 'certain')
      return;
    if (user?.isRoot !== false || container === undefined || dataVolume.kind !== 'persistent') return;
    if (security.fsGroup.state !== 'absent' || security.supplementalGroups.length > 0 || preparesData(server)) return;
    // Operators and OpenShift give the groups themselves.
    if (image.family !== 'official' && image.family !== 'bitnami') return;
    const { mount } = dataVolume;
    const own = user.uid === image.uid ? image.gid : undefined;
    const group = security.runAsGroup.state === 'known' ? security.runAsGroup.value : (own ?? user.uid);
    yield {
      at: user.explicit ? user.at : keyPlace(workload.pod.spec, 'securityContext'),
      message: `"${name}" runs as user ${user.uid ?? 'of the image'} without fsGroup, but a new volume belongs to root (unless its driver says otherwise), so the first start ends with: Permission denied`,
      label: 'no fsGroup',
      help: `set fsGroup: ${group ?? 'the group of the image'} in the securityContext of the pod`,
      related: mount === undefined ? [] : [{ at: mount.at, message: 'the volume of the data' }],
      fix:
        group === undefined
          ? undefined
          : fix(
              {
                title: `fsGroup: ${group}`,
                applicability: dataPlace(server) === 'folder' ? 'safe' : 'unsafe',
                restarts: true,
              },
              fsGroupEdits(server, group),
            ),
    };
  },
});
