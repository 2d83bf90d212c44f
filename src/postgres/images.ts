/** What is known of the images that run PostgreSQL. */
import type { Fact, Location } from '../types.ts';

export type ImageFamily =
  /** docker-library/postgres and images built on it that keep its entrypoint (postgis, pgvector, timescaledb, citus). */
  | 'official'
  | 'bitnami'
  | 'spilo'
  | 'cloudnative-pg'
  | 'crunchy'
  | 'percona'
  | 'sclorg'
  | 'timescaledb-ha'
  | 'supabase'
  /** A PostgreSQL of unknown make: rules on image behaviour are silent. */
  | 'unknown';

export interface ServerImage {
  readonly family: ImageFamily;
  /** `postgres` itself, not an image built on it. */
  readonly exact: boolean;
  /** As written; absent where no image is. */
  readonly reference: Fact<string>;
  /** Without registry, proxy prefix, tag and digest: `postgres`, `bitnami/postgresql`. */
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly major: Fact<number>;
  readonly minor: number | undefined;
  readonly alpine: boolean | undefined;
  /** User and group id of PostgreSQL in the image; undefined where not known. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** PGDATA of the image when nothing sets it; undefined where not known. */
  readonly dataDirectory: string | undefined;
  /** Starts as root and drops to `uid` by itself. */
  readonly rootEntrypoint: boolean;
  readonly at: Location | undefined;
}
