/** Objects that were read back from a cluster: the API has written every default into them. */
import { get } from '../yaml/node.ts';
import type { Resource } from './resource.ts';

/** Whether an API server has had the object: only it gives uids. A value that equals a default may be one there. */
export function isExported({ root }: Pick<Resource, 'root'>): boolean {
  return get(root, 'metadata', 'uid') !== undefined;
}
