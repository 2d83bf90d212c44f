/** Edits of security contexts: several keys at once, which single edits of a map that is not there yet cannot do. */
import { addItem, addItemAt, addKey, areWritten, type Edits, joined, setPath, type Yaml } from '../fix/edits.ts';
import { capabilityName, effectiveSecurity } from '../kubernetes/security-context.ts';
import { type MapNode, entry, get, getMap, getScalar, getText } from '../yaml/node.ts';
import type { Server } from './server.ts';

/** Values by key. */
type Keys = Readonly<Record<string, Yaml>>;

/** Sets several keys of the map under `key`, which is made where it is missing. All or nothing. */
export function setKeys(map: MapNode, key: string, values: Keys): Edits {
  const found = entry(map, key)?.value;
  if (found?.kind !== 'map') return setPath(map, [key], values);
  const all = Object.entries(values);
  if (found.entries.length === 0) return filled(all.map(([name, value]) => addKey(found, name, value)));
  // Where a map inside ends this one, both are added to at one place: what is deeper comes first.
  const inner = all.filter(([name]) => entry(found, name)?.value.kind === 'map');
  const outer = all.filter(([name]) => entry(found, name)?.value.kind !== 'map');
  return joined([
    ...inner.map(([name, value]) => (isKeys(value) ? setKeys(found, name, value) : undefined)),
    ...outer.map(([name, value]) => setPath(map, [key, name], value)),
  ]);
}

const isKeys = (value: Yaml): value is Keys => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Edits that each fill the same empty map, as one. */
function filled(lists: readonly Edits[]): Edits {
  const all = joined(lists);
  if (!areWritten(all)) return all;
  const [first] = all;
  if (first === undefined) return all;
  const isBlock = /^\r?\n/.test(first.text);
  return [{ ...first, text: all.map(e => e.text).join(isBlock ? '' : ',') }];
}

/** Adds items to the sequence under `key`, which is made where it is missing. All or nothing. */
export function addItems(map: MapNode, key: string, values: readonly Yaml[]): Edits {
  const found = get(map, key);
  if (found?.kind !== 'seq') return setPath(map, [key], values);
  // An empty `[]` is filled by one edit.
  if (found.items.length === 0 && values.length > 1) return undefined;
  return joined(values.map(value => addItem(found, value)));
}

/** What is to change in a container's security context. */
export interface ContainerChanges {
  /** Simple values by key. */
  readonly values?: Keys | undefined;
  readonly dropAll?: boolean | undefined;
}

/** The edits of the container's security context, one list for all of them. */
export function containerEdits(server: Server, { values = {}, dropAll = false }: ContainerChanges): Edits {
  const { container, workload } = server;
  if (container?.node === undefined || workload === undefined) return undefined;
  const { capabilitiesDrop } = effectiveSecurity(workload.pod, container);
  const hasAll = capabilitiesDrop.some(c => capabilityName(c.value) === 'ALL');
  const node = container.node;
  const drops = get(node, 'securityContext', 'capabilities', 'drop');
  if (!dropAll || hasAll) return Object.keys(values).length === 0 ? [] : setKeys(node, 'securityContext', values);
  if (drops?.kind !== 'seq') return setKeys(node, 'securityContext', { ...values, capabilities: { drop: ['ALL'] } });
  const rest = Object.keys(values).length === 0 ? [] : setKeys(node, 'securityContext', values);
  // Where both end at one place, what is deeper comes first.
  return joined([addItemAt(node, ['securityContext', 'capabilities', 'drop'], 'ALL'), rest]);
}

/** Gives the volumes of the pod to the group, where they are not its own yet. */
export function fsGroupEdits({ workload }: Server, gid: number): Edits {
  const spec = workload?.pod.spec;
  if (spec === undefined) return undefined;
  const { fsGroup, fsGroupChangePolicy } = podGroups(spec);
  if (fsGroup === gid) return [];
  const policy = fsGroupChangePolicy === undefined ? { fsGroupChangePolicy: 'OnRootMismatch' } : {};
  return setKeys(spec, 'securityContext', { fsGroup: gid, ...policy });
}

function podGroups(spec: MapNode) {
  const context = getMap(spec, 'securityContext');
  return {
    fsGroup: getScalar(context, 'fsGroup')?.value,
    fsGroupChangePolicy: getText(context, 'fsGroupChangePolicy'),
  };
}

/** Writes the permissions of files as people write them: in octal, but for JSON, which has none. */
export function modeEdits(map: MapNode, key: string, mode: number): Edits {
  const edits = setPath(map, [key], mode);
  const isJson = /^\s*\{/.test(map.source.text);
  return isJson || !areWritten(edits)
    ? edits
    : edits.map(e => ({ ...e, text: e.text.replace(String(mode), `0${mode.toString(8)}`) }));
}
