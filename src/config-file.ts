/** Reads `tusklint.yaml`: checks it against its schema and says where and how it is wrong. */
import { type Config, ConfigError, type Level, type RuleConfig, defaultConfig } from './config.ts';
import { type Schema, configSchema } from './config-schema.ts';
import validate, { type ValidationError } from './config-validator.generated.mjs';
import { nearest } from './nearest.ts';
import { linesOf } from './report/lines.ts';
import type { AnyRule, Location, Options, Source } from './types.ts';
import { type Node, type ScalarValue, entry, keyText } from './yaml/node.ts';
import { parseYaml } from './yaml/parse.ts';

/**
 * The configuration that a file holds; an empty file is the default one. `rules` are those that the validator was
 * made from. Throws a ConfigError that names file, line and column of the first mistake.
 */
export function readConfig(source: Source, rules: readonly AnyRule[]): Config {
  const { documents, problems } = parseYaml(source);
  const [problem] = problems;
  if (problem !== undefined) throw wrong(source, problem.at, problem.message);
  const [root, second] = documents.map(d => d.root).filter(r => r !== undefined);
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) return defaultConfig;
  if (second !== undefined) throw wrong(source, second, 'a configuration is one document');
  const value = plain(root);
  if (!validate(value)) {
    const error = mostTelling(validate.errors ?? []);
    throw wrong(source, placeOf(root, error), sentence(error, valueAt(value, error.instancePath), configSchema(rules)));
  }
  return normalised(value as Written);
}

/** A ConfigError for a place of a file. */
export function wrong(source: Source, at: Location, message: string): ConfigError {
  const { line, column } = linesOf(source.text).position(at.start);
  return new ConfigError(`${source.path}:${line}:${column}: ${message}`);
}

type WrittenRules = Readonly<Record<string, Level | RuleConfig>>;
interface Written extends Partial<Omit<Config, 'rules' | 'overrides'>> {
  readonly rules?: WrittenRules;
  readonly overrides?: readonly { readonly files: readonly string[]; readonly rules: WrittenRules }[];
}

function normalised(written: Written): Config {
  const rules = (map: WrittenRules = {}): Record<string, RuleConfig> =>
    Object.fromEntries(
      Object.entries(map).map(([id, rule]) => [id, typeof rule === 'string' ? { severity: rule } : rule]),
    );
  return {
    ...defaultConfig,
    ...written,
    rules: rules(written.rules),
    overrides: (written.overrides ?? []).map(o => ({ files: o.files, rules: rules(o.rules) })),
  };
}

type Plain = ScalarValue | readonly Plain[] | { readonly [key: string]: Plain } | Options;

function plain(node: Node): Plain {
  if (node.kind === 'seq') return node.items.map(plain);
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(e => [keyText(e.key), plain(e.value)]));
  // `rule: off` is written as a word and resolved to a boolean; here it is the word that is meant.
  return typeof node.value === 'boolean' && /^off$/i.test(node.text) ? 'off' : node.value;
}

/** Of the errors of alternatives, the one that fits what was written: it looks deepest into the value. */
function mostTelling(errors: readonly ValidationError[]): ValidationError {
  const real = errors.filter(e => e.keyword !== 'anyOf');
  const [first] = real;
  if (first === undefined) throw new Error('the configuration was refused without a reason');
  const depth = ({ instancePath, keyword }: ValidationError) =>
    2 * pointer(instancePath).length + (keyword === 'additionalProperties' ? 1 : keyword === 'type' ? -1 : 0);
  return real
    .filter(e => e.instancePath.startsWith(first.instancePath))
    .reduce((best, e) => (depth(e) > depth(best) ? e : best), first);
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function placeOf(root: Node, { instancePath, keyword, params }: ValidationError): Location {
  let here: Node = root;
  let key: Location = root;
  for (const step of pointer(instancePath)) {
    const found = entry(here, step);
    const next: Node | undefined = here.kind === 'seq' ? here.items[Number(step)] : found?.value;
    if (next === undefined) return key;
    key = found?.key ?? next;
    here = next;
  }
  if (keyword === 'additionalProperties') return entry(here, String(params.additionalProperty))?.key ?? key;
  return here.kind === 'scalar' && here.text !== '' ? here : key;
}

function valueAt(value: Plain, path: string): unknown {
  return pointer(path).reduce<unknown>(
    (here, step) => (here as Readonly<Record<string, unknown>> | undefined)?.[step],
    value,
  );
}

function sentence({ instancePath, keyword, params, message }: ValidationError, value: unknown, schema: Schema): string {
  const path = pointer(instancePath);
  const name = path.at(-1) ?? 'the configuration';
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys((schemaAt(schema, path)?.properties as Schema | undefined) ?? {});
      const what = name === 'rules' ? `there is no rule "${key}"` : `there is no key "${key}" here`;
      return (
        what +
        hint(key, known, name === 'rules' ? 'list the rules with `tusklint rules`' : `known are ${known.join(', ')}`)
      );
    }
    case 'enum': {
      const allowed = (params.allowedValues as readonly unknown[]).map(String);
      return `"${String(value)}" is none of ${allowed.join(', ')}${hint(String(value), allowed, undefined)}`;
    }
    case 'type':
      return `"${name}" must be ${typeName(String(params.type))}`;
    case 'required':
      return `"${String(params.missingProperty)}" is missing here`;
    case 'pattern':
      return path[0] === 'external'
        ? `"${String(value)}" is not of the form Kind/name`
        : `"${name}" ${message ?? ''}`.trim();
    case 'minItems':
      return `"${name}" is empty`;
    default:
      return `"${name}" ${message ?? 'is not as it should be'}`;
  }
}

function hint(word: string, known: readonly string[], otherwise: string | undefined): string {
  const near = nearest(word, known);
  if (near !== undefined) return `: did you mean "${near}"?`;
  return otherwise === undefined ? '' : `: ${otherwise}`;
}

function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'a map',
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return names[type] ?? type;
}

/** The part of a schema that is about a path of the value. */
function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  let here: Schema | undefined = resolve(schema, schema);
  for (const step of path) {
    const properties = here?.properties as Readonly<Record<string, Schema>> | undefined;
    const next: unknown = properties?.[step] ?? here?.items ?? here?.additionalProperties;
    if (typeof next !== 'object' || next === null) return undefined;
    here = resolve(next as Schema, schema);
  }
  return here;
}

/** Follows references to definitions and, of alternatives, takes the map. */
function resolve(part: Schema, schema: Schema): Schema | undefined {
  if (typeof part.$ref === 'string') {
    const found = (schema.definitions as Readonly<Record<string, Schema>>)[part.$ref.replace('#/definitions/', '')];
    return found && resolve(found, schema);
  }
  const choices = part.anyOf as readonly Schema[] | undefined;
  return choices === undefined ? part : choices.find(c => c.type === 'object');
}
