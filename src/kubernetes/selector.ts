/** Label selectors as the API evaluates them, with a third answer where a label or a value is not known. */
import type { Location } from '../types.ts';
import { type MapNode, type Node, get, getItems, getScalar, isPlaceholder, keyText } from '../yaml/node.ts';
import type { Labels } from './resource.ts';

/** An answer that may be unknown: a placeholder, a label that only a running cluster has. */
export type Answer = boolean | 'unknown';

/** All requirements must hold; without any, everything matches. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** Something in it cannot be read: it may ask for more than `requirements`. */
  readonly malformed: boolean;
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
  /** The value of an equality, the item of `matchExpressions`. */
  readonly at: Location;
}

/** All of them must hold. */
export function every(answers: Iterable<Answer>): Answer {
  let all: Answer = true;
  for (const answer of answers) {
    if (answer === false) return false;
    if (answer === 'unknown') all = 'unknown';
  }
  return all;
}

/** One of them must hold. */
export function some(answers: Iterable<Answer>): Answer {
  let any: Answer = false;
  for (const answer of answers) {
    if (answer === true) return true;
    if (answer === 'unknown') any = 'unknown';
  }
  return any;
}

/** A LabelSelector (`matchLabels`, `matchExpressions`); undefined where none is written, for each API to say what that means. */
export function readSelector(node: Node | undefined): Selector | undefined {
  if (isAbsent(node)) return undefined;
  if (node.kind !== 'map') return { requirements: [], malformed: true };
  const labels = readEqualities(get(node, 'matchLabels'));
  const expressions = getItems(node, 'matchExpressions').map(readExpression);
  const wrong = get(node, 'matchExpressions');
  return {
    requirements: [...(labels?.requirements ?? []), ...expressions.filter(e => e !== undefined)],
    malformed:
      labels?.malformed === true ||
      expressions.includes(undefined) ||
      (!isAbsent(wrong) && wrong.kind !== 'seq') ||
      node.entries.some(({ key }) => !['matchLabels', 'matchExpressions'].includes(keyText(key))),
  };
}

/** A map of equal labels (Service, ReplicationController, `matchLabels`); undefined where none is written. */
export function readEqualities(node: Node | undefined): Selector | undefined {
  if (isAbsent(node)) return undefined;
  if (node.kind !== 'map') return { requirements: [], malformed: true };
  const requirements = node.entries.flatMap(({ key, value }): Requirement[] =>
    value.kind === 'scalar' && value.value !== null
      ? [{ key: keyText(key), operator: 'In', values: [value.text], at: value }]
      : [],
  );
  return { requirements, malformed: requirements.length < node.entries.length };
}

function isAbsent(node: Node | undefined): node is undefined {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

function readExpression(node: Node): Requirement | undefined {
  if (node.kind !== 'map') return undefined;
  const key = getScalar(node, 'key')?.text;
  const operator = getScalar(node, 'operator')?.text;
  const values = getItems(node, 'values').flatMap(v => (v.kind === 'scalar' ? [v.text] : []));
  if (key === undefined) return undefined;
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator, values: [], at: placeOf(node) };
  if ((operator === 'In' || operator === 'NotIn') && values.length > 0)
    return { key, operator, values, at: placeOf(node) };
  return undefined;
}

function placeOf(node: MapNode): Location {
  return getScalar(node, 'key') ?? node;
}

const noLabels: ReadonlySet<string> = new Set();

/**
 * Whether labels satisfy a selector. `runtime` names labels that the cluster adds and whose values are not known
 * (`pod-template-hash`). An absent selector matches nothing here: callers whose API says otherwise handle it themselves.
 */
export function matches(
  selector: Selector | undefined,
  labels: Labels,
  runtime: ReadonlySet<string> = noLabels,
): Answer {
  if (selector === undefined) return false;
  const answer = every(selector.requirements.map(r => satisfies(r, labels, runtime)));
  return selector.malformed && answer === true ? 'unknown' : answer;
}

/** Whether labels satisfy one requirement. */
export function satisfies(requirement: Requirement, labels: Labels, runtime: ReadonlySet<string> = noLabels): Answer {
  const { key, operator, values } = requirement;
  const actual = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (isPlaceholder(key)) return 'unknown';
  if (actual === undefined && (runtime.has(key) || Object.keys(labels).some(isPlaceholder))) return 'unknown';
  if (operator === 'Exists') return actual !== undefined;
  if (operator === 'DoesNotExist') return actual === undefined;
  if (actual === undefined) return operator === 'NotIn';
  const within = values.includes(actual) || (isOpen(actual, values) ? 'unknown' : false);
  if (within === 'unknown') return 'unknown';
  return operator === 'In' ? within : !within;
}

function isOpen(actual: string, values: readonly string[]): boolean {
  return isPlaceholder(actual) || values.some(isPlaceholder);
}

/** Labels that miss a selector by one requirement. */
export interface NearMiss {
  /** The one requirement that does not hold. */
  readonly requirement: Requirement;
  /** What the labels have under its key. */
  readonly actual: string | undefined;
  /** Another key under which the labels have the value that is asked for. */
  readonly otherKey: string | undefined;
  /** Requirements that do hold. */
  readonly met: number;
}

/**
 * How labels almost satisfy a selector: exactly one requirement fails, and the others hold, or its key has another value,
 * or its value stands under another key. Undefined where they match, may match, or are far off.
 */
export function nearMiss(selector: Selector | undefined, labels: Labels): NearMiss | undefined {
  if (selector === undefined || selector.malformed) return undefined;
  const answers = selector.requirements.map(requirement => ({ requirement, answer: satisfies(requirement, labels) }));
  const failed = answers.filter(a => a.answer === false);
  const only = failed[0];
  if (only === undefined || failed.length > 1 || answers.some(a => a.answer === 'unknown')) return undefined;
  const { requirement } = only;
  const actual = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  const otherKey =
    requirement.operator === 'In' && actual === undefined
      ? Object.keys(labels).find(key => requirement.values.includes(labels[key] ?? ''))
      : undefined;
  const met = answers.length - 1;
  return met > 0 || actual !== undefined || otherKey !== undefined ? { requirement, actual, otherKey, met } : undefined;
}
