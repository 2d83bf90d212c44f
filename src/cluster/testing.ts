/** A cluster for tests: as much of an API server as kubectl needs to list objects. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface FakeCluster {
  readonly url: string;
  /** Methods and paths of the requests, in their order. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

interface FakeKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const kind = (apiVersion: string, name: string, plural: string, namespaced = true): FakeKind => ({
  apiVersion,
  kind: name,
  plural,
  namespaced,
});

/** The kinds that it serves; all others do not exist. */
const served: readonly FakeKind[] = [
  kind('v1', 'Pod', 'pods'),
  kind('v1', 'Service', 'services'),
  kind('v1', 'ConfigMap', 'configmaps'),
  kind('v1', 'Secret', 'secrets'),
  kind('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  kind('v1', 'Namespace', 'namespaces', false),
  kind('v1', 'LimitRange', 'limitranges'),
  kind('apps/v1', 'StatefulSet', 'statefulsets'),
  kind('apps/v1', 'Deployment', 'deployments'),
  kind('batch/v1', 'CronJob', 'cronjobs'),
  kind('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  kind('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
];

/** Starts one with these objects; `forbidden` are plurals that nobody may list. */
export async function fakeCluster(
  objects: readonly FakeObject[],
  forbidden: readonly string[] = [],
): Promise<FakeCluster> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://cluster');
    requests.push(`${request.method} ${pathname}`);
    const [status, body] = answer(pathname, objects, forbidden);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(
  path: string,
  objects: readonly FakeObject[],
  forbidden: readonly string[],
): [status: number, body: object] {
  const groups = [...new Set(served.map(k => k.apiVersion))];
  const base = (version: string) => (version.includes('/') ? `/apis/${version}` : `/api/${version}`);
  if (path === '/version') return [200, { major: '1', minor: '32', gitVersion: 'v1.32.0' }];
  if (path === '/api') return [200, { kind: 'APIVersions', versions: ['v1'] }];
  if (path === '/apis') {
    const list = groups
      .filter(g => g.includes('/'))
      .map(groupVersion => {
        const [name, version] = groupVersion.split('/');
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      });
    return [200, { kind: 'APIGroupList', apiVersion: 'v1', groups: list }];
  }
  const group = groups.find(g => path === base(g));
  if (group !== undefined) {
    const resources = served
      .filter(k => k.apiVersion === group)
      .map(k => ({ name: k.plural, singularName: '', namespaced: k.namespaced, kind: k.kind, verbs: ['get', 'list'] }));
    return [200, { kind: 'APIResourceList', groupVersion: group, resources }];
  }
  for (const k of served) {
    const match = new RegExp(`^${base(k.apiVersion)}(?:/namespaces/([^/]+))?/${k.plural}$`).exec(path);
    if (match === null) continue;
    if (forbidden.includes(k.plural))
      return [403, failure(`${k.plural} is forbidden: User "eve" cannot list resource`, 'Forbidden', 403)];
    const items = objects.filter(
      o => o.kind === k.kind && (match[1] === undefined || o.metadata.namespace === match[1]),
    );
    return [200, { kind: `${k.kind}List`, apiVersion: k.apiVersion, metadata: { resourceVersion: '1' }, items }];
  }
  return [404, failure('the server could not find the requested resource', 'NotFound', 404)];
}

const failure = (message: string, reason: string, code: number): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message,
  reason,
  code,
});
