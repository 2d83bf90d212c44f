import { describe, expect, test } from 'vitest';
import { capabilityName, effectiveSecurity, podSecurity } from './security-context.ts';
import { resourceIn, workloadIn } from './testing.ts';

const read = (container: string, pod: string) => {
  const text = `{kind: Pod, spec: {securityContext: ${pod}, containers: [{name: pg, securityContext: ${container}}]}}`;
  const found = workloadIn(text).pod;
  const [first] = found.containers;
  if (first === undefined) throw new Error(text);
  return { text, security: effectiveSecurity(found, first) };
};

test.for<[string, string, object]>([
  [
    '{runAsUser: 70}',
    '{runAsUser: 999, runAsGroup: 999, runAsNonRoot: true}',
    { runAsUser: { value: 70 }, runAsGroup: { value: 999 }, runAsNonRoot: { value: true } },
  ],
  ['{runAsNonRoot: false}', '{runAsNonRoot: true}', { runAsNonRoot: { value: false } }],
  ['{runAsUser: }', '{runAsUser: 999}', { runAsUser: { value: 999 } }],
  ['{runAsUser: "${USER}"}', '{runAsUser: 999}', { runAsUser: { state: 'unknown' } }],
  ['{fsGroup: 1}', '{}', { fsGroup: { state: 'absent' } }],
  [
    '{}',
    '{fsGroup: 0o17, fsGroupChangePolicy: OnRootMismatch, supplementalGroups: [5, oops]}',
    {
      fsGroup: { value: 15 },
      fsGroupChangePolicy: { value: 'OnRootMismatch' },
      supplementalGroups: [{ value: '5' }, { value: 'oops' }],
    },
  ],
  ['{}', '{seccompProfile: {type: RuntimeDefault}}', { seccompProfile: { value: 'RuntimeDefault' } }],
  [
    '{seccompProfile: {type: Unconfined}}',
    '{seccompProfile: {type: RuntimeDefault}}',
    { seccompProfile: { value: 'Unconfined' } },
  ],
  [
    '{}',
    '{allowPrivilegeEscalation: false, privileged: true, readOnlyRootFilesystem: true}',
    {
      allowPrivilegeEscalation: { state: 'absent' },
      privileged: { state: 'absent' },
      readOnlyRootFilesystem: { state: 'absent' },
    },
  ],
  [
    '{allowPrivilegeEscalation: false, privileged: true, readOnlyRootFilesystem: "yes"}',
    '{}',
    {
      allowPrivilegeEscalation: { value: false },
      privileged: { value: true },
      readOnlyRootFilesystem: { state: 'unknown' },
    },
  ],
  [
    '{capabilities: {add: [CHOWN], drop: [ALL]}}',
    '{capabilities: {drop: [NET_RAW]}}',
    { capabilitiesAdd: [{ value: 'CHOWN' }], capabilitiesDrop: [{ value: 'ALL' }] },
  ],
  ['{capabilities: oops}', '{}', { capabilitiesAdd: [], capabilitiesDrop: [] }],
  ['oops', '[1]', { runAsUser: { state: 'absent' }, fsGroup: { state: 'absent' } }],
])('%s over %s', ([container, pod, expected]) => {
  expect(read(container, pod).security).toMatchObject(expected);
});

test('facts lie where they were won, absent ones where they would be written', () => {
  const { text, security } = read('{runAsUser: 70}', '{runAsGroup: 999}');
  const place = (at: { start: number; end: number } | undefined) => text.slice(at?.start, at?.end);
  expect(place(security.runAsUser.at)).toBe('70');
  expect(place(security.runAsGroup.at)).toBe('999');
  expect(place(security.privileged.at)).toBe('securityContext');
  expect(security.privileged.at?.start).toBeGreaterThan(security.fsGroup.at?.start ?? 0);
  const bare = '{kind: Pod, spec: {containers: [{name: pg}]}}';
  const { pod } = workloadIn(bare);
  const [container] = pod.containers;
  const at = container && effectiveSecurity(pod, container).runAsNonRoot.at;
  expect(bare.slice(at?.start, at?.end)).toBe('pg');
});

describe('podSecurity', () => {
  const account = resourceIn('{kind: ServiceAccount, metadata: {name: a}, automountServiceAccountToken: false}');
  test.for<[string, object]>([
    [
      '{}',
      {
        hostPID: { state: 'absent' },
        automountServiceAccountToken: { state: 'absent' },
        serviceAccountName: { state: 'absent' },
      },
    ],
    [
      '{hostPID: true, hostIPC: false, hostNetwork: "true", hostUsers: false}',
      {
        hostPID: { value: true },
        hostIPC: { value: false },
        hostNetwork: { state: 'unknown' },
        hostUsers: { value: false },
      },
    ],
    [
      '{automountServiceAccountToken: true, serviceAccountName: a}',
      { automountServiceAccountToken: { value: true }, serviceAccountName: { value: 'a' } },
    ],
    ['{serviceAccount: b}', { serviceAccountName: { value: 'b' } }],
  ])('%s', ([spec, expected]) => {
    expect(podSecurity(workloadIn(`{kind: Pod, spec: ${spec}}`).pod)).toMatchObject(expected);
  });

  test('the pod wins over its ServiceAccount', () => {
    const token = (spec: string) =>
      podSecurity(workloadIn(`{kind: Pod, spec: ${spec}}`).pod, account).automountServiceAccountToken;
    expect(token('{}')).toMatchObject({ value: false });
    expect(token('{automountServiceAccountToken: true}')).toMatchObject({ value: true });
  });
});

test('names of capabilities', () => {
  expect(['cap_chown', 'CAP_NET_RAW', 'all'].map(capabilityName)).toEqual(['CHOWN', 'NET_RAW', 'ALL']);
});
