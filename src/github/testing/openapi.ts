/** GitHub's own description of its API as a judge of requests: for tests. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** A request as it came in. */
export interface ApiRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** The operation that a request is for, and what is wrong with it. */
export interface Verdict {
  /** `pulls/create-review`; undefined for a request that the description does not know. */
  readonly operation: string | undefined;
  /** The variables of the path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly complaints: readonly string[];
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: object;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
}
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

/** Judges requests by the description in fixtures/github. */
export function openApiJudge(): (request: ApiRequest) => Verdict {
  const file = new URL('../../../fixtures/github/openapi.json', import.meta.url);
  const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: false });
  ajv.addSchema(description, 'github');
  const compiled = new Map<string, ValidateFunction>();
  const validator = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `github#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  const routes = Object.entries(description.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      template,
      method: method.toUpperCase(),
      operation,
      pattern: new RegExp(`^${template.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}$`),
    })),
  );
  return ({ method, path, query, body }) => {
    const route = routes.find(r => r.method === method && r.pattern.test(path));
    if (route === undefined)
      return { operation: undefined, parameters: {}, complaints: [`unknown: ${method} ${path}`] };
    const { operation, template } = route;
    const parameters = { ...route.pattern.exec(path)?.groups };
    const complaints: string[] = [];
    const declared = (operation.parameters ?? []).map(p =>
      p.$ref === undefined ? p : (description.components.parameters[p.$ref.split('/').at(-1) ?? ''] ?? p),
    );
    const check = (where: string, schema: object, value: unknown) => {
      const validate = ajv.compile(schema);
      if (!validate(value)) complaints.push(`${where}: ${ajv.errorsText(validate.errors)}`);
    };
    for (const { name, in: place, schema, required } of declared) {
      const text = place === 'path' ? parameters[name] : (query.get(name) ?? undefined);
      if (text === undefined) {
        if (required === true) complaints.push(`${name} is missing`);
      } else
        check(name, schema, 'type' in schema && schema.type === 'integer' ? Number(text) : decodeURIComponent(text));
    }
    for (const name of query.keys()) if (!declared.some(p => p.name === name)) complaints.push(`unknown query ${name}`);
    const content = operation.requestBody?.content['application/json'].schema;
    if (content !== undefined) {
      const pointer = `/paths/${template.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}/requestBody/content/application~1json/schema`;
      const validate = validator(pointer);
      if (!validate(body)) complaints.push(`body: ${ajv.errorsText(validate.errors)}`);
      complaints.push(...unknownKeys(body, content, 'body'));
    } else if (body !== undefined) complaints.push('this operation takes no body');
    return { operation: operation.operationId, parameters, complaints };
  };
}

/** Keys that GitHub would silently leave out. */
function unknownKeys(value: unknown, schema: Schema, at: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, i) => unknownKeys(item, schema.items ?? {}, `${at}/${i}`));
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const known = schema.properties?.[key];
    return known === undefined ? [`${at}: unknown key ${key}`] : unknownKeys(child, known, `${at}/${key}`);
  });
}
