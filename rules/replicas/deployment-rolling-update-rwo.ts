import { fix, setPath } from '../../src/fix/edits.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule } from '../../src/types.ts';
import { get, getMap, getText, isPlaceholder, keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'deployment-rolling-update-rwo',
  summary: 'A rolling update starts the new pod while the old one still has the volume.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { dataVolume, name, workload } = server;
    const claim = dataVolume.volume?.source;
    if (workload?.kind !== 'Deployment' || workload.partial || claim?.kind !== 'persistentVolumeClaim') return;
    const { root } = workload.resource;
    const type = getText(root, 'spec', 'strategy', 'type');
    if (type === 'Recreate' || (type !== undefined && isPlaceholder(type))) return;
    if (/^0%?$/.test(getText(root, 'spec', 'strategy', 'rollingUpdate', 'maxSurge') ?? '')) return;
    const spec = getMap(root, 'spec');
    const hasRolling = get(root, 'spec', 'strategy', 'rollingUpdate') !== undefined;
    const strategy = get(root, 'spec', 'strategy') === undefined;
    yield {
      at: keyPlace(root, 'spec', 'strategy', 'type'),
      message: `an update of "${name}" starts the new pod while the old one still writes to the claim "${claim.reference.name}": on another node the new pod waits for the volume without end, on the same node two servers meet on one data directory`,
      label: strategy ? 'strategy is RollingUpdate by default' : undefined,
      help: 'set strategy.type to Recreate: the old pod ends before the new one starts',
      related: [{ at: claim.reference.at, message: 'the claim' }],
      fix:
        spec === undefined || hasRolling
          ? undefined
          : fix(
              { title: 'strategy: Recreate', applicability: isEphemeral(server) ? 'unsafe' : 'safe' },
              strategy
                ? setPath(spec, ['strategy'], { type: 'Recreate', rollingUpdate: null })
                : setPath(spec, ['strategy', 'type'], 'Recreate'),
            ),
    };
  },
});
