/** What a repository suggests for its configuration: what only a person can say, of the objects and images that it names. */
import type { Model } from '../model.ts';
import { undefinedReferences } from '../postgres/undefined-references.ts';
import { valueOf } from '../types.ts';

/** What could stand in `tusklint.yaml`. */
export interface Proposals {
  /** Objects that pods of PostgreSQL need and the repository does not have, as `Kind/name`, sorted. */
  readonly external: readonly string[];
  /** Names, without tags, of images that hold a PostgreSQL of unknown make, sorted. */
  readonly images: readonly string[];
}

/** What a model suggests. */
export function proposalsOf({ environments, servers }: Pick<Model, 'environments' | 'servers'>): Proposals {
  const external = environments.flatMap(environment =>
    undefinedReferences(environment).map(({ reference }) => `${reference.kind}/${reference.name}`),
  );
  const images = servers.flatMap(({ image }) => {
    const reference = image.family === 'unknown' ? valueOf(image.reference) : undefined;
    return reference === undefined || !/^[\w./:@-]+$/.test(reference) ? [] : [withoutTag(reference)];
  });
  // The configuration takes names of kinds in letters alone, as Kubernetes has them.
  return { external: sorted(external.filter(name => /^[A-Za-z]+\/[\w.-]+$/.test(name))), images: sorted(images) };
}

const withoutTag = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
