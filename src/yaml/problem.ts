/** What is wrong with a YAML or JSON text, judged as kubectl judges it. */
import type { Location } from '../types.ts';

export interface YamlProblem {
  /** `duplicate-key`: kubectl silently keeps the last. `syntax`: everything else. */
  readonly kind: 'syntax' | 'duplicate-key';
  /** Whether kubectl refuses the document (and reads nothing behind it in the file). The document may have a tree all the same. */
  readonly refused: boolean;
  readonly at: Location;
  /** Lower case, no full stop; says what kubectl does. */
  readonly message: string;
  /** The other place: the first of two equal keys, the anchor of an alias. */
  readonly related?: Location | undefined;
}

export const refusal = (at: Location, message: string, related?: Location): YamlProblem => ({
  kind: 'syntax',
  refused: true,
  at,
  message,
  related,
});

/** `key` stands in the same map again. */
export function duplicateKey(key: string, at: Location, first: Location): YamlProblem {
  const message = `the key "${short(key)}" stands twice in this map, and kubectl keeps only the last`;
  return { kind: 'duplicate-key', refused: false, at: placeOf(at), message, related: placeOf(first) };
}

/** The head of a text, for messages. */
export const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** The bare place of a node. */
export const placeOf = ({ path, start, end }: Location): Location => ({ path, start, end });
