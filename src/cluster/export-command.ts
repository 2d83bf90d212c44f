/** What kubectl is asked for an export: for our own run, and as a command for a person. */
import type { Covered } from './coverage.ts';
import { type KindOfObject, kindsThatMatter } from './kinds.ts';
import type { Piece } from './piece.ts';

/** Where in a cluster to look. */
export interface Scope {
  readonly context: string | undefined;
  /** One namespace, all of them, or (undefined) the one that the context names. */
  readonly namespace: string | { readonly all: true } | undefined;
}

/** Of Secrets the names and keys alone: kubectl is given this template, so that no value leaves it. */
export const secretTemplate =
  '{"apiVersion":"v1","kind":"List","items":[{{range $i, $s := .items}}{{if $i}},{{end}}\n' +
  '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"{{$s.metadata.name}}","namespace":"{{$s.metadata.namespace}}"},' +
  '"type":{{printf "%q" $s.type}},"data":{ {{- $c := ""}}{{range $k, $v := $s.data}}{{$c}}"{{$k}}":""{{$c = ","}}{{end}}}}{{end}}\n]}\n';

/** Without it kubectl leaves out who wrote which field. */
const managedFields = '--show-managed-fields';

/** The arguments with which kubectl prints the objects of a kind as JSON. */
export function getArguments(
  { resource, kind, namespaced, managed }: KindOfObject,
  { context, namespace }: Scope,
): readonly string[] {
  const place =
    !namespaced || namespace === undefined ? [] : typeof namespace === 'string' ? ['-n', namespace] : ['-A'];
  const output = kind === 'Secret' ? `go-template=${secretTemplate}` : 'json';
  return [
    ...(context === undefined ? [] : ['--context', context]),
    'get',
    resource,
    ...place,
    ...(managed ? [managedFields] : []),
    '-o',
    output,
  ];
}

/** A document that says for which resource the list before it was asked: an empty list cannot. */
const markApiVersion = 'tusklint/v1';
const markKind = 'Asked';

/** What a document of an export command's own says was asked for; undefined for all other documents. */
export function askedKind({
  kind,
  apiVersion,
  bytes,
}: Pick<Piece, 'kind' | 'apiVersion' | 'bytes'>): Covered | undefined {
  if (kind !== markKind || apiVersion !== markApiVersion || bytes.length > 1000) return undefined;
  const [, resource, namespace] = /"name": *"([^"]+)" *, *"namespace": *"([^"]*)"/.exec(bytes.toString('utf8')) ?? [];
  const found = kindsThatMatter.find(k => k.resource === resource);
  return found && { kind: found.kind, namespace: found.namespaced && namespace !== '' ? namespace : undefined };
}

/** A command for sh that prints an export which `tusklint audit -` reads; ends with a line break. */
export function exportCommand({ context, namespace }: Scope): string {
  const kubectl = `kubectl${context === undefined ? '' : ` --context ${quoted(context)}`}`;
  const space = typeof namespace === 'string' ? namespace : '';
  const place = space === '' ? '-A' : `-n ${quoted(space)}`;
  const mark = `printf '{"apiVersion":"${markApiVersion}","kind":"${markKind}","metadata":{"name":"%s","namespace":"%s"}}\\n'`;
  const loop = (kinds: readonly KindOfObject[], flags: string, errors: string): readonly string[] => [
    `  for kind in \\`,
    ...kinds.map((k, i) => `    ${k.resource}${i < kinds.length - 1 ? ' \\' : ''}`),
    '  do',
    `    if ${kubectl} get "$kind" ${place}${flags} -o json${errors}`,
    `    then ${mark} "$kind" ${quoted(space)}`,
    '    fi',
    '  done',
  ];
  const secrets = kindsThatMatter.find(k => k.kind === 'Secret')?.resource ?? 'secrets';
  const others = kindsThatMatter.filter(k => k.resource !== secrets);
  return [
    '# Prints an export for tusklint: sh export.sh > export.json && tusklint audit export.json',
    '{',
    ...loop(
      others.filter(k => k.managed),
      ` ${managedFields}`,
      '',
    ),
    ...loop(
      others.filter(k => k.builtIn && !k.managed),
      '',
      '',
    ),
    '  # What operators and add-ons bring along: not every cluster has it.',
    ...loop(
      others.filter(k => !k.builtIn),
      '',
      ' 2>/dev/null',
    ),
    '  # Of Secrets the names and keys, no values.',
    `  if ${kubectl} get ${secrets} ${place} -o go-template=${quoted(secretTemplate)}`,
    `  then ${mark} ${secrets} ${quoted(space)}`,
    '  fi',
    '}',
    '',
  ].join('\n');
}

/** A word of sh that means exactly this text. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
