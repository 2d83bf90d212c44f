import { fix } from '../../src/fix/edits.ts';
import { capabilityName } from '../../src/kubernetes/security-context.ts';
import { moveWarning, ownUserStart } from '../../src/postgres/data-folder.ts';
import { containerEdits, fsGroupEdits } from '../../src/postgres/security-fixes.ts';
import { serverSecurity, startsAsRoot } from '../../src/postgres/start-user.ts';
import { defineRule } from '../../src/types.ts';

/** What the entrypoint does as root, and the capabilities of which it needs one. */
const NEEDS = [
  { any: ['SETUID'], text: 'become "postgres"' },
  { any: ['SETGID'], text: 'become "postgres"' },
  { any: ['CHOWN'], text: 'give it a new data directory' },
  { any: ['DAC_OVERRIDE', 'DAC_READ_SEARCH'], text: 'look into the data directory at the next start' },
];

export default defineRule({
  id: 'security-drop-all-with-root-entrypoint',
  summary: "The image's entrypoint starts as root without the capabilities that it needs to become postgres.",
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const security = serverSecurity(server);
    const { image, name, workload } = server;
    if (security === undefined || workload?.partial === true || image.family !== 'official' || !startsAsRoot(server))
      return;
    const { capabilitiesAdd, capabilitiesDrop, privileged, runAsNonRoot } = security;
    // The kubelet refuses the container before it comes to this.
    if (runAsNonRoot.state !== 'absent' && !(runAsNonRoot.state === 'known' && !runAsNonRoot.value)) return;
    if (privileged.state === 'known' && privileged.value) return;
    if ([...capabilitiesAdd, ...capabilitiesDrop].some(c => c.value.includes('$'))) return;
    const added = new Set(capabilitiesAdd.map(c => capabilityName(c.value)));
    const dropped = new Set(capabilitiesDrop.map(c => capabilityName(c.value)));
    const has = (name: string) => added.has('ALL') || added.has(name) || !(dropped.has('ALL') || dropped.has(name));
    const lacking = NEEDS.filter(need => !need.any.some(c => has(c) && (c !== 'DAC_READ_SEARCH' || added.has(c))));
    const place =
      capabilitiesDrop.find(c => lacking.some(n => n.any.includes(capabilityName(c.value)))) ??
      capabilitiesDrop.find(c => capabilityName(c.value) === 'ALL');
    if (lacking.length === 0 || place === undefined) return;
    const own = ownUserStart(server);
    const names = lacking.map(n => n.any[0]).join(', ');
    const purposes = [...new Set(lacking.map(n => n.text))].join(', ');
    yield {
      at: place.at,
      message: `"${name}" starts as root without ${names}, which the image's entrypoint needs to ${purposes}: the container ends with: operation not permitted`,
      label: 'the entrypoint needs more',
      help: `start as user ${image.uid ?? 'of the image'} with fsGroup, which needs no capability, or add ${names}`,
      fix:
        image.uid === undefined || image.gid === undefined || own === undefined
          ? undefined
          : fix(
              {
                title: `start as user ${image.uid}${moveWarning(own.movesTo)}`,
                applicability: 'unsafe',
                restarts: true,
              },
              own.edits,
              containerEdits(server, {
                values: { runAsNonRoot: true, runAsUser: image.uid, runAsGroup: image.gid },
              }),
              fsGroupEdits(server, image.gid),
            ),
    };
  },
});
