import { fix, removeEntry, setPath } from '../../src/fix/edits.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { type MapNode, get, getMap, getText, isPlaceholder, keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'deployment-rolling-update-rwo',
  summary: 'A rolling update starts the new pod while the old one still has the volume.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check({ dataVolume, name, workload }) {
    const claim = dataVolume.volume?.source;
    if (workload?.kind !== 'Deployment' || workload.partial || claim?.kind !== 'persistentVolumeClaim') return;
    const { root } = workload.resource;
    const type = getText(root, 'spec', 'strategy', 'type');
    if (type === 'Recreate' || (type !== undefined && isPlaceholder(type))) return;
    if (/^0%?$/.test(getText(root, 'spec', 'strategy', 'rollingUpdate', 'maxSurge') ?? '')) return;
    yield {
      at: keyPlace(root, 'spec', 'strategy', 'type'),
      message: `an update of "${name}" starts the new pod while the old one still writes to the claim "${claim.reference.name}": on another node the new pod waits for a ReadWriteOnce volume without end, on the same node two servers run on one data directory and corrupt it`,
      label: type === undefined ? 'the strategy is RollingUpdate by default' : 'starts the new pod first',
      help: 'set strategy.type to Recreate: the old pod ends before the new one starts',
      related: [{ at: claim.reference.at, message: 'the claim' }],
      fix: toRecreate(getMap(root, 'spec')),
    };
  },
});

/** The pods stay: a strategy is no part of their template. The null takes away what the API filled in at the first apply. */
function toRecreate(spec: MapNode | undefined): Problem['fix'] {
  if (spec === undefined) return undefined;
  const about = { title: 'strategy: Recreate', applicability: 'safe' } as const;
  const strategy = getMap(spec, 'strategy');
  if (strategy === undefined) {
    return fix(about, setPath(spec, ['strategy'], { type: 'Recreate', rollingUpdate: null }));
  }
  if (get(strategy, 'rollingUpdate') === undefined) return fix(about, setPath(strategy, ['type'], 'Recreate'));
  if (get(strategy, 'type') === undefined) return undefined;
  return fix(about, setPath(strategy, ['type'], 'Recreate'), removeEntry(strategy, 'rollingUpdate'));
}
