/** Names of container images: `registry/path:tag@digest`. */

export interface ImageReference {
  /** As written. */
  readonly text: string;
  /** `ghcr.io`, `localhost:5000`; undefined for Docker Hub's short names and for a registry that is filled in later. */
  readonly registry: string | undefined;
  /** What follows the registry, without tag and digest: `hub/library/postgres`. Undefined where a part is filled in later. */
  readonly path: string | undefined;
  /** The image's own name under any proxy or mirror: `postgres`, `bitnami/postgresql`. */
  readonly repository: string | undefined;
  /** The last part of the path. */
  readonly name: string | undefined;
  /** `registry/path`, as configuration names images. */
  readonly nameWithRegistry: string | undefined;
  /** Undefined where there is none, or where it is filled in later. */
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
  /** Some part is filled in later (`${TAG}`): what is undefined may be there after all. */
  readonly placeholder: boolean;
}

/** Stands for what is filled in later while the reference is taken apart. */
const hole = '\uFFFC';
const placeholders = /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?(?:\}\}|$)|<[^<>]*>|\$[A-Za-z_]\w*/g;

/** Takes a reference apart; never fails: what cannot be told is undefined. */
export function parseImage(reference: string): ImageReference {
  const text = reference.trim();
  const filled = text.replace(/^docker:\/\//, '').replace(placeholders, hole);
  const [named, digest] = splitOnce(filled, filled.indexOf('@'));
  const colon = named.lastIndexOf(':');
  const [name, tag] = splitOnce(named, colon > named.lastIndexOf('/') ? colon : -1);
  const parts = name.split('/');
  const first = parts[0] ?? '';
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost' || first === hole);
  const path = told((hasRegistry ? parts.slice(1) : parts).join('/'));
  const registry = hasRegistry ? told(first) : undefined;
  return {
    text,
    registry,
    path,
    repository: path && ownName(path),
    name: path?.slice(path.lastIndexOf('/') + 1),
    nameWithRegistry: path && (registry === undefined ? path : `${registry}/${path}`),
    tag: told(tag),
    digest: told(digest),
    placeholder: filled.includes(hole),
  };
}

function splitOnce(text: string, at: number): readonly [string, string?] {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function told(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text.includes(hole) ? undefined : text;
}

/** `library/postgres` is `postgres`; folders that a proxy or mirror puts in front of `namespace/name` are dropped. */
function ownName(path: string): string {
  const parts = path.split('/');
  const official = parts.lastIndexOf('library');
  if (official >= 0 && official === parts.length - 2) return parts.at(-1) ?? path;
  return parts.slice(-2).join('/');
}
