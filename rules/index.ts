/** Every rule. Written by `npm run gen`; do not edit. */
import type { AnyRule } from '../src/types.ts';
import ignoreUnknownRule from './gitops/ignore-unknown-rule.ts';
import ignoreUnused from './gitops/ignore-unused.ts';
import ignoreWithoutReason from './gitops/ignore-without-reason.ts';
import resourcesRequestExceedsLimit from './resources/resources-request-exceeds-limit.ts';
import terminationGraceShort from './probes/termination-grace-short.ts';
import yamlDuplicateKey from './gitops/yaml-duplicate-key.ts';
import yamlSyntax from './gitops/yaml-syntax.ts';

export const rules: readonly AnyRule[] = [
  ignoreUnknownRule,
  ignoreUnused,
  ignoreWithoutReason,
  resourcesRequestExceedsLimit,
  terminationGraceShort,
  yamlDuplicateKey,
  yamlSyntax,
];

/** The folder of each rule, for the address of its page. */
export const areas: Readonly<Record<string, string>> = {
  'ignore-unknown-rule': 'gitops',
  'ignore-unused': 'gitops',
  'ignore-without-reason': 'gitops',
  'resources-request-exceeds-limit': 'resources',
  'termination-grace-short': 'probes',
  'yaml-duplicate-key': 'gitops',
  'yaml-syntax': 'gitops',
};
