/** Values of Secrets that the API server cannot decode. */
import type { Environment } from '../environment.ts';
import type { Resource } from '../kubernetes/resource.ts';
import { decodeBase64, isManagedValue } from '../secrets.ts';
import { type ScalarNode, getMap } from '../yaml/node.ts';
import { secretsOfServers } from './committed-secrets.ts';

export interface InvalidValue {
  readonly key: ScalarNode;
  readonly value: ScalarNode;
  /** Go's words, as the API server gives them: `illegal base64 data at input byte 0`. */
  readonly error: string;
}

/** The Secrets of an environment's servers and their clients with values under `data` that are no base64. */
export function invalidValues(
  environment: Environment,
): readonly { readonly resource: Resource; readonly values: readonly InvalidValue[] }[] {
  return secretsOfServers(environment).flatMap(({ resource }) => {
    const values = (getMap(resource.root, 'data')?.entries ?? []).flatMap(({ key, value }): readonly InvalidValue[] => {
      if (value.kind !== 'scalar' || value.value === null || isFilledIn(value.text)) return [];
      const decoded = decodeBase64(value.text);
      return decoded.ok ? [] : [{ key, value, error: decoded.error }];
    });
    return values.length === 0 ? [] : [{ resource, values }];
  });
}

/** Something replaces it before the API server sees it. A bare `<password>` is replaced by nobody but a person. */
const isFilledIn = (text: string): boolean => isManagedValue(text) || /\$\{|\$\(|\{\{|^\$[A-Z_]+$/.test(text);
