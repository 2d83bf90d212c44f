/** What a server is for, as its names tell: a database of tests may do what one of production may not. */
import { isExported } from '../kubernetes/export.ts';
import type { Server } from './server.ts';

const THROW_AWAY =
  /(^|[-_/.])(tests?|testing|e2e|ci|dev|development|local|demo|examples?|samples?|sandbox|quick-?start|playground|kind|minikube)([-_/.]|$)/i;

/** Its path, namespace, labels or name say that it is for tests, development or show. */
export function isThrowAway({ at, name, resource }: Pick<Server, 'at' | 'name' | 'resource'>): boolean {
  const labels = Object.entries(resource?.labels ?? {})
    .filter(([key]) => /env|stage|tier/.test(key))
    .map(([, value]) => value);
  // Where an export was put says nothing of the cluster that it is of.
  const path = resource !== undefined && isExported(resource) ? '' : at.path.replace(/^(\.\.\/)+/, '');
  return [path, name, resource?.namespace ?? '', ...labels].some(text => THROW_AWAY.test(text));
}
