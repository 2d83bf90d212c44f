/** The libraries that a server loads at its start. */
import { splitIdentifiers } from './checks.ts';
import type { Server } from './server.ts';
import { type Configuration, type Setting, settingOf } from './settings.ts';

export interface Preloaded {
  readonly libraries: readonly string[];
  /** Undefined where nothing sets them. */
  readonly setting: Setting | undefined;
}

/** Names without directory and suffix; undefined where they are not known. */
export function preloaded(server: Server, configuration: Configuration): Preloaded | undefined {
  const fact = settingOf(configuration, 'shared_preload_libraries');
  if (fact.state === 'unknown') return undefined;
  if (fact.state === 'absent') {
    // Images built on the official one preset their own libraries in the sample that initdb copies.
    const empty = server.image.exact || configuration.defaults === 'boot' || server.platform === 'file';
    return empty ? { libraries: [], setting: undefined } : undefined;
  }
  const names = splitIdentifiers(fact.value.value);
  return names && { libraries: names.map(plainName), setting: fact.value };
}

const plainName = (library: string): string => library.slice(library.lastIndexOf('/') + 1).replace(/\.so$/, '');
