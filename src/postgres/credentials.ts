/** Where the passwords of an environment's PostgreSQL servers stand in the clear, and who can read them there. */
import type { Environment } from '../environment.ts';
import { scriptOf } from '../formats/shell.ts';
import { referencesOf } from '../kubernetes/references.ts';
import { type Resource, sameNamespace } from '../kubernetes/resource.ts';
import type { Container, Word, Workload } from '../kubernetes/workload.ts';
import { once } from '../once.ts';
import { isLiteralSecret, isPasswordName, isPlaceholderSecret, isSecretName } from '../secrets.ts';
import { locate } from '../text-region.ts';
import { type Location, valueOf } from '../types.ts';
import { embedded } from '../yaml/embedded.ts';
import { type MapNode, type ScalarNode, getItems, getMap, getScalar, keyText } from '../yaml/node.ts';
import { committedSecrets } from './committed-secrets.ts';
import { isDatabasePassword, isPostgresPassword, userNames } from './credential-names.ts';
import { credentialsInText } from './credential-texts.ts';
import type { Server } from './server.ts';

/** One password (or private key) that can be read in the input. */
export interface Credential {
  /** What holds it: the most telling place where several do. */
  readonly holder: 'variable' | 'compose' | 'image' | 'configmap' | 'secret' | 'dsn' | 'command';
  /** The variable, key or statement: `POSTGRES_PASSWORD`. */
  readonly name: string;
  /** The object, for a message: `the container "postgres" of "orders"`. */
  readonly owner: string;
  /** Never for a message. */
  readonly value: string;
  /** It asks to be replaced: `CHANGEME`. */
  readonly placeholder: boolean;
  /** A password, not a private key. */
  readonly password: boolean;
  /** The role that logs in with it, where that is known. */
  readonly user: string | undefined;
  /** The value, exactly. */
  readonly at: Location;
  /** The item of `env` that holds it, or the connection string with it, and nothing that the kubelet would expand. */
  readonly item?: MapNode | undefined;
  /** The compose service. */
  readonly service?: MapNode | undefined;
  /** The name of the workload. */
  readonly workload?: string | undefined;
}

/** The credentials of an environment, each place once. Without a server only those that surely are PostgreSQL's. */
export const credentialsOf = once((environment: Environment): readonly Credential[] => {
  const all = [
    ...environment.workloads.flatMap(w => w.pod.containers.flatMap(c => ofContainer(environment, w, c))),
    ...environment.servers.filter(s => s.platform !== 'kubernetes').flatMap(ofImage),
    ...(environment.servers.length === 0 ? [] : committedCredentials(environment)),
    ...environment.resources.filter(r => r.kind === 'ConfigMap').flatMap(r => ofConfigMap(environment, r)),
    ...environment.servers.flatMap(ofSettings),
  ];
  const seen = new Set<string>();
  return all.filter(({ at }) => {
    const key = `${at.path}:${at.start}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
});

/** How a container is related to PostgreSQL. */
function relation(
  environment: Environment,
  workload: Workload,
  container: Container,
): 'server' | 'pod' | 'client' | 'none' {
  const own = environment.servers.filter(s => s.workload === workload);
  if (own.some(s => s.container === container)) return 'server';
  if (own.length > 0) return 'pod';
  return environment.connections.some(c => c.container === container) ? 'client' : 'none';
}

function ofContainer(environment: Environment, workload: Workload, container: Container): readonly Credential[] {
  const related = relation(environment, workload, container);
  const owner = `the container "${container.name}" of "${workload.resource.name}"`;
  const isCredential = (name: string) =>
    related === 'server'
      ? isSecretName(name)
      : related === 'none'
        ? isPostgresPassword(name)
        : isDatabasePassword(name);
  const variables = getItems(container.node, 'env').flatMap((item): readonly Credential[] => {
    const name = getScalar(item, 'name')?.text ?? '';
    const value = getScalar(item, 'value');
    if (item.kind !== 'map' || value === undefined) return [];
    if (isCredential(name)) {
      if (!isLiteralSecret(value.text, name) || isOpen(value.text)) return [];
      const user = userOf(
        container,
        name,
        related === 'server' && name.startsWith('POSTGRES') ? 'postgres' : undefined,
      );
      const password = isPasswordName(name) || isPostgresPassword(name);
      const found = {
        name,
        owner,
        value: value.text,
        user,
        at: value,
        item,
        workload: workload.resource.name,
        password,
      };
      return [credential({ holder: 'variable', ...found })];
    }
    // What the kubelet would expand in the value, it leaves as it is in a Secret.
    const whole = value.text.includes('$(') ? {} : { item, workload: workload.resource.name };
    return inScalar(value, owner, name, { shell: false, related: related !== 'none' })
      .filter(c => c.holder === 'dsn')
      .map(c => ({ ...c, ...whole }));
  });
  const words = wordsOf(container);
  const script = scriptOf(words.map(w => w.word))?.node;
  const commands = words.flatMap(({ word, run }) =>
    word.node === undefined
      ? []
      : inScalar(word.node, owner, run, {
          shell: word.node === script || /\s/.test(word.value),
          related: related !== 'none',
        }),
  );
  return [
    ...variables,
    ...commands.filter(c => c.holder === 'dsn' || related !== 'none' || environment.servers.length > 0),
  ];
}

/** The words that a container runs, with where they stand, for a message. */
function wordsOf(container: Container): readonly { readonly word: Word; readonly run: string }[] {
  const of = (run: string, words: readonly Word[]) => words.map(word => ({ word, run }));
  const probes = Object.values(container.probes).flatMap(probe =>
    probe?.handler.kind === 'exec' ? of(`the ${probe.kind} probe`, probe.handler.command) : [],
  );
  return [
    ...of('the command', valueOf(container.command) ?? []),
    ...of('the arguments', valueOf(container.args) ?? []),
    ...container.hooks.flatMap(hook => of(`the ${hook.kind} hook`, hook.command)),
    ...probes,
  ];
}

/** The credentials in the text of a scalar; `where` names what it is. */
function inScalar(
  node: ScalarNode,
  owner: string,
  where: string,
  context: { readonly shell: boolean; readonly related: boolean },
): readonly Credential[] {
  const region = embedded(node, node, node.source);
  return credentialsInText(region.text, { name: where, ...context }).map(found => {
    const at = region.exact ? locate(region, found.start, found.end) : node;
    const name = found.kind === 'dsn' ? where : found.name;
    const holder = found.kind === 'dsn' ? 'dsn' : 'command';
    return credential({ ...found, holder, name, owner, at, password: found.kind !== 'key' });
  });
}

/** `$(VAR)` inside, or a name to be filled in: the password is not here, or not all of it. */
const isOpen = (text: string): boolean => /\$\([^()]+\)|\{\{/.test(text);

function userOf(container: Container, name: string, fallback: string | undefined): string | undefined {
  const names = userNames(name);
  const variable = container.environment.find(v => names.includes(v.name));
  return variable === undefined ? fallback : valueOf(variable.value);
}

/** Literals among the variables of a compose service and of the image that it, or a Dockerfile alone, builds. */
function ofImage({ container, platform, resource, at }: Server): readonly Credential[] {
  return (container?.environment ?? []).flatMap((variable): readonly Credential[] => {
    const { name, value } = variable;
    if (container === undefined || value.state !== 'known' || !isSecretName(name)) return [];
    if (!isLiteralSecret(value.value, name)) return [];
    const inImage = platform === 'dockerfile' || value.at.path !== at.path;
    const owner = inImage
      ? `the image of ${value.at.path.slice(value.at.path.lastIndexOf('/') + 1)}`
      : `the service "${container.name}"`;
    const user = userOf(container, name, name.startsWith('POSTGRES_') ? 'postgres' : undefined);
    const place = { path: value.at.path, start: value.at.start, end: value.at.end };
    const found = { name, owner, value: value.value, user, at: place, password: isPasswordName(name) };
    return [
      credential(inImage ? { holder: 'image', ...found } : { holder: 'compose', ...found, service: resource?.root }),
    ];
  });
}

function committedCredentials(environment: Environment): readonly Credential[] {
  return committedSecrets(environment).flatMap(({ resource, values }) =>
    values.map(({ key, text, user, value, kind }) =>
      credential({
        holder: 'secret',
        name: `"${keyText(key)}"`,
        owner: `the Secret "${resource.name}"`,
        value: text,
        user,
        at: value,
        password: kind !== 'key',
      }),
    ),
  );
}

/** Connection strings in files of settings: `primary_conninfo`. */
function ofSettings({ settingsFiles }: Server): readonly Credential[] {
  return settingsFiles.flatMap(({ region }) =>
    credentialsInText(region.text, { name: region.path, shell: false, related: true }).flatMap(found =>
      found.kind === 'dsn'
        ? [
            credential({
              ...found,
              holder: 'dsn',
              name: 'primary_conninfo',
              owner: region.path,
              at: locate(region, found.start, found.end),
            }),
          ]
        : [],
    ),
  );
}

/** The workloads that refer to a ConfigMap, by its name. */
const readersOf = once((environment: Environment) => {
  const readers = new Map<string, Workload[]>();
  for (const workload of environment.workloads) {
    const names = new Set(referencesOf(workload).flatMap(r => (r.kind === 'ConfigMap' ? [r.name] : [])));
    for (const name of names) readers.set(name, [...(readers.get(name) ?? []), workload]);
  }
  return readers;
});

function ofConfigMap(environment: Environment, map: Resource): readonly Credential[] {
  const users = (readersOf(environment).get(map.name) ?? []).filter(w =>
    sameNamespace(w.resource.namespace, map.namespace),
  );
  const related = users.some(w => w.pod.containers.some(c => relation(environment, w, c) !== 'none'));
  const owner = `the ConfigMap "${map.name}"`;
  const data = getMap(map.root, 'data');
  const textOf = (name: string) => getScalar(data, name)?.text;
  return (data?.entries ?? []).flatMap(({ key, value }): readonly Credential[] => {
    if (value.kind !== 'scalar' || value.text === '') return [];
    const name = keyText(key);
    const here = environment.servers.length > 0;
    if (!value.text.includes('\n') && (related ? isDatabasePassword(name) : isPostgresPassword(name))) {
      if (!here || !isLiteralSecret(value.text, name) || isOpen(value.text)) return [];
      const user = userNames(name)
        .map(textOf)
        .find(u => u !== undefined);
      return [credential({ holder: 'configmap', name, owner, value: value.text, user, at: value })];
    }
    const shell = /\.(?:sh|bash)$/.test(name) || /^#!.*\b(?:ba|da|a)?sh\b/.test(value.text);
    const region = embedded(value, key, value.source);
    return credentialsInText(region.text, { name, shell, related })
      .filter(found => found.kind === 'dsn' || (here && (related || found.kind === 'sql')))
      .map(found => {
        const at = region.exact ? locate(region, found.start, found.end) : value;
        const inside = found.kind === 'dsn' || found.kind === 'key' ? name : `${name}: ${found.name}`;
        const holder = found.kind === 'dsn' ? 'dsn' : 'configmap';
        return credential({ ...found, holder, name: inside, owner, at, password: found.kind !== 'key' });
      });
  });
}

type Found = Omit<Credential, 'placeholder' | 'password'> & { readonly password?: boolean };

function credential(found: Found): Credential {
  return { password: true, ...found, placeholder: isPlaceholderSecret(found.value) };
}
