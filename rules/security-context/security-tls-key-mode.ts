import { fix } from '../../src/fix/edits.ts';
import { fsGroupEdits, modeEdits } from '../../src/postgres/security-fixes.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { serverSecurity, startsAsRoot, startUser } from '../../src/postgres/start-user.ts';
import { secretKey } from '../../src/postgres/tls-key.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'security-tls-key-mode',
  summary: 'PostgreSQL refuses its private key, because of the permissions that the Secret is mounted with.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { image, name, workload } = server;
    if (workload === undefined || workload.partial) return;
    const key = secretKey(server);
    if (key === undefined || key.verdict === 'accepted') return;
    const mode = `0${key.mode.toString(8)}`;
    const isOpen = key.verdict === 'too open';
    const group = startsAsRoot(server) ? image.gid : (image.gid ?? startUser(server)?.uid);
    const fsGroup = serverSecurity(server)?.fsGroup;
    const isGrouped = fsGroup?.state === 'known' && (!startsAsRoot(server) || fsGroup.value === group);
    const secret =
      key.volume.source.kind === 'secret' ? `the Secret "${key.volume.source.reference.name}"` : 'a Secret';
    yield {
      at: key.modeAt ?? key.volume.at,
      severity: key.inUse ? undefined : 'warning',
      message: `"${name}" ${key.inUse ? 'does not start' : 'will not start with ssl = on'}, since its private key ${key.path.value} comes from ${secret} with mode ${mode}${key.modeAt === undefined ? ' (the default)' : ''}${isGrouped ? '' : ' and a group that PostgreSQL is not in'}: ${isOpen ? 'private key file has group or world access' : 'could not load private key file: Permission denied'}`,
      label: isOpen ? `mode ${mode}` : 'only root can read it',
      help: `set ${[isOpen ? 'defaultMode: 0640' : '', isGrouped ? '' : `fsGroup: ${group ?? 'a group of the server'} in the securityContext of the pod`].filter(t => t !== '').join(' and ')}`,
      related: [{ at: key.path.at, message: 'the path of the key' }],
      fix: fix(
        {
          title: [isOpen ? 'mode 0640' : '', isGrouped ? '' : `fsGroup: ${group}`].filter(t => t !== '').join(', '),
          applicability: isGrouped && !isEphemeral(server) ? 'safe' : 'unsafe',
          restarts: true,
        },
        isOpen ? modeEdits(key.item ?? key.source, key.item === undefined ? 'defaultMode' : 'mode', 0o640) : [],
        isGrouped ? [] : group === undefined ? undefined : fsGroupEdits(server, group),
      ),
    };
  },
});
