/** A settings file that no server of the input uses, judged as a server of which nothing else is known. */
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import type { TextRegion } from '../text-region.ts';
import { absent, known, unknown } from '../types.ts';
import type { Catalogue } from './catalogue.ts';
import { configure } from './configure.ts';
import { serverImage } from './images.ts';
import type { Server } from './server.ts';

export function loneFile(region: TextRegion, catalogue: Catalogue, pgVersion: number | undefined): Server {
  const at = region.name;
  const nothing = unknown('only the settings file is known', at);
  const image = serverImage(absent(at), at, {});
  const configuration = configure({
    major: pgVersion,
    catalogue,
    defaults: 'boot',
    open: undefined,
    layers: [
      {
        kind: 'file',
        precedence: 'file',
        file: { region, path: undefined, parsed: parsePostgresqlConf(region.text) },
        loaded: true,
      },
    ],
  });
  return {
    platform: 'file',
    certainty: 'certain',
    name: region.path.slice(region.path.lastIndexOf('/') + 1),
    resource: undefined,
    at,
    workload: undefined,
    container: undefined,
    image: pgVersion === undefined ? image : { ...image, major: known(pgVersion, at) },
    replicas: nothing,
    dataDirectory: nothing,
    dataVolume: { kind: 'unknown', mount: undefined, volume: undefined, shadowedBy: undefined, size: nothing },
    port: nothing,
    effective: configuration,
    intended: configuration,
    settingsFiles: [{ region, path: undefined, loaded: true, via: undefined }],
    hbaFiles: [],
    memoryLimit: nothing,
    memoryRequest: nothing,
    cpuLimit: nothing,
    files: { files: [], unseen: [] },
    scripts: [],
    start: { kind: 'unknown', reason: 'only the settings file is known' },
    replication: { mechanism: 'unknown', at: undefined },
  };
}
