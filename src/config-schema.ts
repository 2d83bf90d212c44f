/** The JSON Schema of `tusklint.yaml`, made from the rules: their ids, and their options with the defaults' types. */
import type { AnyRule, OptionValue } from './types.ts';

/** A JSON Schema, as plain data. */
export interface Schema {
  readonly [key: string]: unknown;
}

const level: Schema = { $ref: '#/definitions/level' };
const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const families = [
  'official',
  'bitnami',
  'spilo',
  'cloudnative-pg',
  'crunchy',
  'percona',
  'sclorg',
  'timescaledb-ha',
  'supabase',
  'unknown',
];

/** The schema for these rules; the same rules in any order give the same schema. */
export function configSchema(rules: readonly AnyRule[]): Schema {
  const names = rules.flatMap(rule => [
    { id: rule.id, schema: ruleSchema(rule) },
    ...(rule.aliases ?? []).map(id => ({ id, schema: aliasSchema(rule) })),
  ]);
  names.sort((a, b) => (a.id < b.id ? -1 : 1));
  const ruleMap: Schema = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(names.map(({ id, schema }) => [id, schema])),
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'tusklint.yaml',
    type: 'object',
    additionalProperties: false,
    properties: {
      preset: { description: 'Which rules run: strict adds hardening and advice.', enum: ['recommended', 'strict'] },
      rules: { description: 'How each rule weighs, and its options.', $ref: '#/definitions/rules' },
      overrides: {
        description: 'Other weights for some paths; later ones win.',
        type: 'array',
        items: object({ files: { ...texts, minItems: 1 }, rules: { $ref: '#/definitions/rules' } }, ['files', 'rules']),
      },
      include: { ...texts, description: 'Globs of the paths to read.' },
      exclude: { ...texts, description: 'Globs of the paths to leave out.' },
      external: {
        description: 'Objects that exist elsewhere, as Kind/name, with * for any.',
        type: 'array',
        items: { type: 'string', pattern: '^[A-Za-z]+/[^/]+$' },
      },
      images: {
        description: 'What private images hold, by image name without its tag, with * for any.',
        type: 'object',
        additionalProperties: object({
          family: { enum: families },
          major: { type: 'integer', minimum: 8, maximum: 99 },
          uid: { type: 'integer', minimum: 0 },
          gid: { type: 'integer', minimum: 0 },
          dataDirectory: { type: 'string', pattern: '^/' },
        }),
      },
      pgVersion: {
        description: 'The major to judge by where no image tells.',
        type: 'integer',
        minimum: 8,
        maximum: 99,
      },
      environments: {
        description: 'Paths that go to one API server, by the name of the environment.',
        type: 'object',
        additionalProperties: { ...texts, minItems: 1 },
      },
    },
    definitions: {
      level: { type: 'string', enum: ['off', 'error', 'warning', 'info'] },
      rule: { anyOf: [level, object({ severity: level })] },
      rules: ruleMap,
    },
  };
}

function object(properties: Schema, required: readonly string[] = []): Schema {
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 ? { required } : {}) };
}

function ruleSchema(rule: AnyRule): Schema {
  const description = rule.summary;
  const options = Object.entries(rule.options ?? {});
  if (options.length === 0) return { description, $ref: '#/definitions/rule' };
  const properties = Object.fromEntries(options.map(([name, value]) => [name, optionSchema(value)]));
  return { description, anyOf: [level, object({ severity: level, options: object(properties) })] };
}

function aliasSchema(rule: AnyRule): Schema {
  return { description: `Part of ${rule.id}.`, $ref: '#/definitions/rule' };
}

function optionSchema(value: OptionValue): Schema {
  if (typeof value === 'object') return { ...texts, default: value };
  return { type: typeof value, default: value };
}
