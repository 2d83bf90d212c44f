/** Security contexts of servers: who starts, what is missing, what may be mended. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { applyEdits } from '../fix/apply.ts';
import { areWritten, joined } from '../fix/edits.ts';
import { isExported } from '../kubernetes/export.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { isFolderVolume } from './new-volume.ts';
import { readinessProbe, startupProbe } from './probe-fixes.ts';
import { type Gap, restrict, restrictedGaps } from './restricted.ts';
import { addItems, containerEdits, fsGroupEdits, modeEdits, setKeys } from './security-fixes.ts';
import { canStartAsOwnUser, dataOwner, dataPlace, preparesData, startUser, startsAsRoot } from './start-user.ts';
import { secretKey } from './tls-key.ts';
import { missingDirectories } from './writable-directories.ts';
import { mapIn } from '../kubernetes/testing.ts';

const catalogue = await loadCatalogue();

const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

interface Parts {
  readonly image?: string;
  /** Fields of the container, of the pod, of the claim template, and other objects. */
  readonly container?: string;
  readonly pod?: string;
  readonly claim?: string;
  readonly others?: string;
}

function manifest({ image = 'postgres:17', container = '', pod = '', claim = '', others = '' }: Parts): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  template:
    spec:
${indent(pod, 6)}
      containers:
        - name: postgres
          image: ${image}
          volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }]
${indent(container, 10)}
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
${indent(claim, 8)}
${others === '' ? '' : `---\n${others}`}`;
}

function serverIn(parts: Parts) {
  const text = manifest(parts);
  const { environments } = buildModel({
    sources: [{ path: 'db.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  const [environment] = environments;
  const [server] = environment?.servers ?? [];
  if (environment === undefined || server === undefined) throw new Error(`no server in ${text}`);
  return { text, environment, server };
}

const FOLDER = 'env: [{ name: PGDATA, value: /var/lib/postgresql/data/pgdata }]';

describe('who starts the container', () => {
  test.for([
    [{}, 0, true],
    [{ pod: 'securityContext: { runAsUser: 999 }' }, 999, false],
    [{ pod: 'securityContext: { runAsUser: 999 }', container: 'securityContext: { runAsUser: 0 }' }, 0, true],
    [{ pod: 'securityContext: { runAsNonRoot: true }' }, 0, true],
    [{ pod: "securityContext: { runAsUser: '${UID}' }" }, undefined, undefined],
    [{ image: 'bitnami/postgresql:17' }, 1001, false],
    [{ image: 'quay.io/sorintlab/stolon:v0.17-pg15' }, undefined, undefined],
  ] as const)('%j: user %s, root %s', ([parts, uid, isRoot]) => {
    expect(startUser(serverIn(parts).server)).toMatchObject({ uid, isRoot });
  });

  test.for([
    [{}, true, false],
    [{ container: FOLDER }, true, true],
    [{ container: `${FOLDER}\ncommand: [postgres]` }, false, false],
    [
      { container: FOLDER, image: 'postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' },
      true,
      false,
    ],
  ] as const)('%j: the entrypoint is root %s, need not be %s', ([parts, asRoot, own]) => {
    const { server } = serverIn(parts);
    expect([startsAsRoot(server), canStartAsOwnUser(server)]).toEqual([asRoot, own]);
  });
});

describe('where the data lies', () => {
  test.for([
    [{}, 'root'],
    [{ container: FOLDER }, 'folder'],
    [{ container: 'envFrom: [{ secretRef: { name: other } }]' }, undefined],
  ] as const)('%j: %s', ([parts, place]) => expect(dataPlace(serverIn(parts).server)).toBe(place));

  const init = (command: string, mounts = '[{ name: data, mountPath: /data }]') =>
    `initContainers: [{ name: owner, image: busybox, command: ${command}, volumeMounts: ${mounts} }]`;

  test.for([
    [init("[chown, -R, '70:70', /data]"), 70, true],
    [init('[sh, -c, "chown -R 999 /data && echo done"]'), 999, true],
    [init('[sh, -c, "[ -d /data/x ] || chown -R 70:70 /data"]'), undefined, true],
    [init('[chown, -R, postgres, /data]'), undefined, true],
    [init("[chown, -R, '70:70', /data]", '[{ name: other, mountPath: /data }]'), undefined, false],
    [init('[sleep, "1"]'), undefined, false],
    [init('[sh, /scripts/prepare.sh]'), undefined, true],
    ['', undefined, false],
  ] as const)('%s gives it to %s, prepares it: %s', ([pod, owner, prepares]) => {
    const { server } = serverIn({ pod });
    expect(dataOwner(server)?.value).toBe(owner);
    expect(preparesData(server)).toBe(prepares);
  });

  const storageClass = (provisioner: string) =>
    `apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: fast }\nprovisioner: ${provisioner}\n`;
  test.for([
    [{}, undefined],
    [{ claim: 'storageClassName: local-path' }, true],
    [{ claim: 'storageClassName: ""' }, true],
    [{ claim: 'volumeName: by-hand' }, true],
    [{ claim: 'storageClassName: fast' }, undefined],
    [{ claim: 'storageClassName: fast', others: storageClass('nfs.csi.k8s.io') }, true],
    [{ claim: 'storageClassName: fast', others: storageClass('ebs.csi.aws.com') }, undefined],
  ] as const)('%j: a folder of another file system: %s', ([parts, expected]) => {
    const { server, environment } = serverIn(parts);
    expect(isFolderVolume(server, environment)).toBe(expected);
  });
});

const gapsOf = (parts: Parts) => {
  const { server, environment } = serverIn(parts);
  return restrictedGaps(server, environment).map(g => g.id.replace('security-', ''));
};
const ALL = ['run-as-non-root', 'allow-privilege-escalation', 'capabilities', 'seccomp', 'service-account-token'];
const CLOSED = `securityContext:
  runAsNonRoot: true
  runAsUser: 999
  allowPrivilegeEscalation: false
  capabilities: { drop: [all] }
  seccompProfile: { type: RuntimeDefault }`;
const NO_TOKEN = 'automountServiceAccountToken: false';

describe('gaps', () => {
  const without = (...ids: readonly string[]) => ALL.filter(id => !ids.includes(id));
  const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: b }
subjects: [{ kind: ServiceAccount, name: default }]
`;
  test.for([
    [{}, ALL],
    [{ container: CLOSED, pod: NO_TOKEN }, []],
    [{ pod: `${NO_TOKEN}\nhostUsers: false` }, without('run-as-non-root', 'service-account-token')],
    [{ container: 'securityContext: { runAsUser: 0 }' }, without('run-as-non-root')],
    [{ container: 'securityContext: { privileged: true }' }, without('allow-privilege-escalation', 'capabilities')],
    [
      {
        container: 'securityContext: { capabilities: { drop: [ALL], add: [CAP_CHOWN, SETUID, SETGID, DAC_OVERRIDE] } }',
      },
      without('capabilities'),
    ],
    [{ container: 'securityContext: { capabilities: { drop: [ALL], add: [IPC_LOCK] } }' }, ALL],
    [
      { pod: 'securityContext: { seccompProfile: { type: Localhost, localhostProfile: pg.json } }' },
      without('seccomp'),
    ],
    [{ image: 'postgres:18', container: 'args: [-c, io_method=io_uring]' }, without('seccomp')],
    [{ others: binding }, without('service-account-token')],
    [{ pod: 'serviceAccountName: elsewhere' }, without('service-account-token')],
    [{ container: 'env: [{ name: PATRONI_SCOPE, value: db }]' }, without('service-account-token')],
    [{ pod: 'initContainers: [{ name: w, image: groundnuty/k8s-wait-for:v2 }]' }, without('service-account-token')],
  ] as const)('of %j: %j', ([parts, expected]) => expect(gapsOf(parts)).toEqual(expected));

  const closing = (parts: Parts, ids?: readonly Gap['id'][]) => {
    const { server, environment, text } = serverIn(parts);
    const gaps = restrictedGaps(server, environment).filter(g => ids?.includes(g.id) ?? true);
    const { edits, asUser } = restrict(server, gaps);
    return { text: areWritten(edits) ? applyEdits(text, edits) : undefined, asUser };
  };

  test.for([
    [{}, 999],
    [{ container: FOLDER }, 999],
    [{ container: FOLDER, image: 'postgres:17-alpine' }, 70],
    [{ container: `${FOLDER}\nsecurityContext: {}`, pod: 'securityContext: {}' }, 999],
    [{ container: `${FOLDER}\nsecurityContext:`, pod: 'securityContext:\n  fsGroup: 999' }, 999],
    [{ container: `${FOLDER}\nsecurityContext: { capabilities: { drop: [NET_RAW] } }` }, 999],
    [{ container: 'securityContext: { runAsUser: 999 }' }, undefined],
  ] as const)('of %j are closed as user %s', ([parts, user]) => {
    const { text, asUser } = closing(parts);
    expect(asUser).toBe(user);
    const image = 'image' in parts ? parts.image : undefined;
    expect(text).toBeDefined();
    const again = buildModel({
      sources: [{ path: 'db.yaml', text: text ?? '' }],
      complete: true,
      rules: [],
      config: defaultConfig,
      catalogue,
      now: '2026-06-01',
      pgVersion: undefined,
    });
    const [environment] = again.environments;
    const [server] = environment?.servers ?? [];
    expect(server?.image.reference).toMatchObject({ value: image ?? 'postgres:17' });
    expect(environment && server && restrictedGaps(server, environment)).toEqual([]);
  });

  test.for([
    ['capabilities alone of a root entrypoint', { container: FOLDER }, ['security-capabilities']],
    [
      'added capabilities',
      { container: `${FOLDER}\nsecurityContext: { runAsUser: 999, capabilities: { drop: [ALL], add: [IPC_LOCK] } }` },
      undefined,
    ],
    ['an image whose user has no number', { image: 'timescale/timescaledb-ha:pg16' }, undefined],
    ['an image that is not known', { image: 'quay.io/sorintlab/stolon:v0.17-pg15' }, undefined],
  ] as const)('%s: no fix', ([, parts, ids]) => expect(closing(parts, ids).text).toBeUndefined());
});

describe('a read-only root', () => {
  const mount = (path: string, more = '') =>
    `volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }, { name: run, mountPath: ${path}${more} }]`;
  const twice = (container: string, pod = 'volumes: [{ name: run, emptyDir: {} }]') => {
    const text = manifest({ pod, container: 'MARK' })
      .replace(/^ +volumeMounts: .*\n/m, '')
      .replace('MARK', container);
    const { servers } = buildModel({
      sources: [{ path: 'db.yaml', text }],
      complete: true,
      rules: [],
      config: defaultConfig,
      catalogue,
      now: '2026-06-01',
      pgVersion: undefined,
    });
    return servers[0] && missingDirectories(servers[0])?.map(m => m.path);
  };
  test.for([
    [mount('/var/run/postgresql'), undefined, []],
    [mount('/run'), undefined, []],
    [mount('/run/other'), undefined, ['/var/run/postgresql']],
    [mount('/run', ', readOnly: true'), undefined, ['/var/run/postgresql']],
    [mount('/run'), 'volumes: [{ name: run, configMap: { name: c } }]', ['/var/run/postgresql']],
  ] as const)('%s %s lacks %j', ([container, pod, missing]) => expect(twice(container, pod)).toEqual(missing));

  test.for([
    [{}, ['/var/run/postgresql']],
    [{ container: 'args: [-c, "unix_socket_directories="]' }, []],
    [{ container: 'args: [-c, "unix_socket_directories=/tmp"]' }, ['/tmp']],
    [{ pod: 'securityContext: { runAsUser: 1000 }' }, ['/var/run/postgresql', '/tmp']],
    [{ image: 'bitnami/postgresql:17' }, ['/tmp', '/opt/bitnami/postgresql/conf', '/opt/bitnami/postgresql/tmp']],
    [{ image: 'quay.io/sorintlab/stolon:v0.17-pg15' }, undefined],
  ] as const)('%j lacks %j', ([parts, missing]) => {
    expect(missingDirectories(serverIn(parts).server)?.map(m => m.path)).toEqual(missing);
  });
});

describe('a private key of a Secret', () => {
  const key = (secret: string, pod: string, path = '/tls/tls.key') => {
    const container = `args: [-c, ssl=on, -c, ssl_key_file=${path}]
volumeMounts:
  - { name: data, mountPath: /var/lib/postgresql/data }
  - { name: tls, mountPath: /tls }`;
    const text = manifest({
      container: 'MARK',
      pod: `${pod}\nvolumes: [{ name: tls, secret: { secretName: s${secret} } }]`,
    })
      .replace(/^ +volumeMounts: .*\n/m, '')
      .replace('MARK', container.replace(/\n/g, '\n          '));
    const { servers } = buildModel({
      sources: [{ path: 'db.yaml', text }],
      complete: true,
      rules: [],
      config: defaultConfig,
      catalogue,
      now: '2026-06-01',
      pgVersion: undefined,
    });
    return servers[0] && secretKey(servers[0])?.verdict;
  };
  const own = 'securityContext: { runAsUser: 999, fsGroup: 2000 }';
  // As measured: root:group 0640 and 0440 are taken, 0644 and 0600 of root are not.
  test.for([
    ['', own, 'too open'],
    [', defaultMode: 0640', own, 'accepted'],
    [', defaultMode: 0400', own, 'accepted'],
    [', defaultMode: 0660', own, 'too open'],
    [', defaultMode: 420', own, 'too open'],
    [', items: [{ key: tls.key, path: tls.key, mode: 0600 }]', own, 'accepted'],
    [', defaultMode: 0640', '', 'not readable'],
    [', defaultMode: 0640', 'securityContext: { fsGroup: 999 }', 'accepted'],
    [', defaultMode: 0640', 'securityContext: { fsGroup: 2000 }', 'not readable'],
    [', defaultMode: 0400', 'securityContext: { runAsUser: 999 }', 'not readable'],
    [', defaultMode: 0440', 'securityContext: { runAsUser: 1234 }', undefined],
    [', defaultMode: 0640', 'securityContext: { runAsUser: 999, supplementalGroups: [5] }', undefined],
    [", defaultMode: '${MODE}'", own, undefined],
  ] as const)('%s under %s is %s', ([secret, pod, verdict]) => expect(key(secret, pod)).toBe(verdict));

  test('a copy elsewhere is not judged', () => expect(key('', own, '/run/tls.key')).toBeUndefined());
});

describe('edits', () => {
  const after = (text: string, edit: (map: ReturnType<typeof mapIn>) => ReturnType<typeof setKeys>) => {
    const edits = edit(mapIn(text));
    return areWritten(edits) ? applyEdits(text, edits) : undefined;
  };
  const keys = { a: 1, b: { c: true } };
  test.for([
    ['x: 1\n', 'x: 1\ns:\n  a: 1\n  b:\n    c: true\n'],
    ['s: {}\n', 's:\n  a: 1\n  b:\n    c: true\n'],
    ['s:\n', 's:\n  a: 1\n  b:\n    c: true\n'],
    ['s:\n  b:\n    d: 2 # kept\n', 's:\n  b:\n    d: 2 # kept\n    c: true\n  a: 1\n'],
    ['{"s": {}}', '{"s": {"a": 1,"b": {"c":true}}}'],
    ['s: &s { a: 2 }\nt: *s\n', undefined],
  ] as const)('several keys in %j', ([before, expected]) => {
    expect(after(before, map => setKeys(map, 's', keys))).toBe(expected);
  });

  test.for([
    ['x: 1\n', 'x: 1\nl:\n  - 1\n  - 2\n'],
    ['l:\n- 0\n', 'l:\n- 0\n- 1\n- 2\n'],
    ['l: [0]\n', 'l: [0, 1, 2]\n'],
    ['l: []\n', undefined],
  ] as const)('several items in %j', ([before, expected]) => {
    expect(after(before, map => addItems(map, 'l', [1, 2]))).toBe(expected);
  });

  test('permissions are octal in YAML and decimal in JSON', () => {
    expect(after('s: 1\n', map => modeEdits(map, 'defaultMode', 0o640))).toBe('s: 1\ndefaultMode: 0640\n');
    expect(after('{"s": 1}', map => modeEdits(map, 'defaultMode', 0o640))).toBe('{"s": 1, "defaultMode": 416}');
  });

  test('all or nothing', () => {
    expect(joined([[], undefined])).toBeUndefined();
    expect(joined([])).toEqual([]);
  });

  test('what is right already stays', () => {
    const { server } = serverIn({
      pod: 'securityContext: { fsGroup: 999 }',
      container: 'securityContext: { capabilities: { drop: [ALL] } }',
    });
    expect(fsGroupEdits(server, 999)).toEqual([]);
    expect(containerEdits(server, { dropAll: true })).toEqual([]);
  });
});

describe('probes that are recommended', () => {
  const command = (parts: Parts) => {
    const { server } = serverIn(parts);
    return [readinessProbe(server), startupProbe(server)].map(p =>
      (p as { exec: { command: string[] } } | undefined)?.exec.command.join(' '),
    );
  };
  test.for([
    [{}, 'pg_isready -h 127.0.0.1 -U postgres', 'pg_isready -U postgres'],
    [
      { container: 'args: [-c, port=5433]' },
      'pg_isready -h 127.0.0.1 -p 5433 -U postgres',
      'pg_isready -p 5433 -U postgres',
    ],
    [
      { container: 'env: [{ name: POSTGRES_USER, value: app }]' },
      'pg_isready -h 127.0.0.1 -U app -d postgres',
      'pg_isready -U app -d postgres',
    ],
    [
      { container: 'env: [{ name: POSTGRES_USER, valueFrom: { secretKeyRef: { name: s, key: u } } }]' },
      'sh -c exec pg_isready -h 127.0.0.1 -U "${POSTGRES_USER:-postgres}" -d postgres',
      'sh -c exec pg_isready -U "${POSTGRES_USER:-postgres}" -d postgres',
    ],
    [{ container: "args: [-c, 'port=${PORT}']" }, undefined, undefined],
  ] as const)('%j: %s', ([parts, readiness, startup]) => expect(command(parts)).toEqual([readiness, startup]));
});

test('an export has what only an API server writes', () => {
  const root = (metadata: string) => ({ root: mapIn(`metadata: ${metadata}\n`) });
  expect(isExported(root('{ name: a }'))).toBe(false);
  expect(isExported(root('{ name: a, uid: 3f0c }'))).toBe(true);
});
