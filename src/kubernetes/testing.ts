/** Objects from YAML text, for tests. */
import { parseYaml } from '../yaml/parse.ts';
import { lookupIn } from './lookup.ts';
import { readWorkload } from './read-workload.ts';
import { type Resource, readResources } from './resource.ts';
import type { Container, Workload } from './workload.ts';
import type { MapNode } from '../yaml/node.ts';

/** The objects of a YAML text of the path `test.yaml`. */
export function resourcesIn(text: string): Resource[] {
  return parseYaml({ path: 'test.yaml', text }).documents.flatMap(document => readResources(document));
}

/** The one object of a YAML text. */
export function resourceIn(text: string): Resource {
  const [resource] = resourcesIn(text);
  if (resource === undefined) throw new Error(`no object in ${text}`);
  return resource;
}

/** The map that a YAML text is. */
export function mapIn(text: string): MapNode {
  const root = parseYaml({ path: 'test.yaml', text }).documents[0]?.root;
  if (root?.kind !== 'map') throw new Error(`no map in ${text}`);
  return root;
}

/** The first workload of a YAML text; its ConfigMaps and Secrets answer look-ups. */
export function workloadIn(text: string, options: { readonly partial?: boolean } = {}): Workload {
  const resources = resourcesIn(text);
  const [workload] = resources.flatMap(r => readWorkload(r, lookupIn(resources), options) ?? []);
  if (workload === undefined) throw new Error(`no workload in ${text}`);
  return workload;
}

/** A Pod of the namespace `db` whose only container has these fields (indented by four in the result). */
export function containerIn(fields: string, others = ''): Container {
  const indented = fields.replace(/\n(?=.)/g, '\n    ');
  const { pod } = workloadIn(
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: db\nspec:\n  containers:\n  - name: postgres\n    ${indented}\n---\n${others}`,
  );
  const [container] = pod.containers;
  if (container === undefined) throw new Error(`no container in ${fields}`);
  return container;
}
