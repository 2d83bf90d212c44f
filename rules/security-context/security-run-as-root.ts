import { fix } from '../../src/fix/edits.ts';
import { moveWarning, ownUserStart } from '../../src/postgres/data-folder.ts';
import { containerEdits, fsGroupEdits } from '../../src/postgres/security-fixes.ts';
import type { Server } from '../../src/postgres/server.ts';
import { serverSecurity, startUser } from '../../src/postgres/start-user.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'security-run-as-root',
  summary: 'The manifest makes PostgreSQL start as root, or forbids the root that its image starts as.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const security = serverSecurity(server);
    const user = startUser(server);
    if (security === undefined || user?.isRoot !== true || server.workload?.partial === true) return;
    const { runAsNonRoot } = security;
    const { image, name, start } = server;
    const isRefused = runAsNonRoot.state === 'known' && runAsNonRoot.value;
    const isDirect = start.kind === 'direct' && /(^|\/)(postgres|postmaster)$/.test(start.program);
    if (!isRefused && !user.explicit && !isDirect) return;
    const own = image.uid === undefined ? 'the user of the image' : `${image.uid}, the user of the image`;
    yield {
      at: isRefused && !user.explicit ? runAsNonRoot.at : user.at,
      severity: isRefused || isDirect ? undefined : 'warning',
      message: isRefused
        ? `"${name}" says runAsNonRoot, but ${user.explicit ? 'runAsUser is 0' : `the image ${image.repository ?? ''} starts as root and no runAsUser is set`}: the kubelet refuses the container (CreateContainerConfigError)`
        : isDirect
          ? `"${name}" starts ${start.program} as root, which it refuses: "root" execution of the PostgreSQL server is not permitted`
          : `"${name}" starts as root (runAsUser is 0), so every hook, script and shell in its container is root, and Pod Security "restricted" refuses the pod`,
      label: isRefused && !user.explicit ? 'and no runAsUser' : 'root',
      help: `set runAsUser to ${own}, and fsGroup, so that it can write to its volume`,
      fix: asOwnUser(server),
    };
  },
});

function asOwnUser(server: Server) {
  const { uid, gid } = server.image;
  const own = ownUserStart(server);
  if (uid === undefined || gid === undefined || own === undefined) return undefined;
  const nonRoot = serverSecurity(server)?.runAsNonRoot;
  const isSaid = nonRoot?.state === 'known' && nonRoot.value;
  return fix(
    { title: `start as user ${uid}${moveWarning(own.movesTo)}`, applicability: 'unsafe', restarts: true },
    own.edits,
    containerEdits(server, { values: { ...(isSaid ? {} : { runAsNonRoot: true }), runAsUser: uid, runAsGroup: gid } }),
    fsGroupEdits(server, gid),
  );
}
