/** `tusklint inspect`: every server as it would run, and where each of its settings comes from. */
import { formatBytes } from '../kubernetes/quantity.ts';
import { formatSharedMemory } from '../postgres/memory.ts';
import type { Server } from '../postgres/server.ts';
import { type Configuration, parsedValue, type Setting } from '../postgres/settings.ts';
import { sharedMemory } from '../postgres/shared-memory.ts';
import { showValue } from '../postgres/values.ts';
import type { Fact, Location, TextOf } from '../types.ts';
import { linesOf } from './lines.ts';

/** What both forms need: the servers, the texts for lines and columns, and the places of secrets. */
export interface Inspection {
  readonly servers: readonly Server[];
  readonly text: TextOf;
  readonly masks: readonly Location[];
}

/** One paragraph a server; settings as `name = value` with the place that sets each, those overridden below it. */
export function inspectText(inspection: Inspection): string {
  const { servers } = inspection;
  if (servers.length === 0) return 'no PostgreSQL found\n';
  return servers.map(server => describe(server, inspection)).join('\n');
}

function describe(server: Server, inspection: Inspection): string {
  const place = placeIn(inspection);
  const rows: readonly (readonly [string, string])[] = [
    [
      'declared',
      `${server.resource?.kind ?? server.platform} at ${place(server.at)}${server.certainty === 'likely' ? ' (likely: no image says so)' : ''}`,
    ],
    ['image', imageText(server)],
    [
      'replicas',
      `${fact(server.replicas, String)}${server.replication.mechanism === 'none' ? '' : `, replication: ${server.replication.mechanism}`}`,
    ],
    ['start', startText(server)],
    ['data', dataText(server)],
    ['port', fact(server.port, String)],
    ['memory', memoryText(server)],
  ];
  const settings = settingLines(server, inspection);
  return [
    server.name,
    ...rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`),
    settings.length === 0 ? '  settings  none set' : '  settings',
    ...settings.map(line => `    ${line}`),
    ...(server.effective.open === undefined ? [] : [`  unknown   other settings may apply: ${server.effective.open}`]),
    '',
  ].join('\n');
}

function imageText({ image }: Server): string {
  const major = fact(image.major, m => `PostgreSQL ${m}`);
  const uid = image.uid === undefined ? '' : `, uid ${image.uid}`;
  return `${fact(image.reference, r => r)} (${major}, ${image.family === 'unknown' ? 'make not known' : image.family}${uid})`;
}

function startText({ start }: Server): string {
  switch (start.kind) {
    case 'entrypoint':
      return "by the image's entrypoint";
    case 'direct':
      return `directly by ${start.program}`;
    case 'shell':
      return 'by a shell script';
    default:
      return `unknown: ${start.reason}`;
  }
}

function dataText({ dataDirectory, dataVolume }: Server): string {
  const where = fact(dataDirectory, d => d);
  const { kind, mount, shadowedBy, size } = dataVolume;
  const volume = mount?.volume === undefined ? '' : ` on the volume "${mount.volume}"`;
  const bytes = size.state === 'known' ? `, ${formatBytes(size.value)}` : '';
  const shadow = shadowedBy === undefined ? '' : `, hidden by the image's own volume ${shadowedBy}`;
  return `${where}${volume} (${kind}${bytes}${shadow})`;
}

function memoryText(server: Server): string {
  const shared = sharedMemory(server.intended);
  const sizes = `limit ${fact(server.memoryLimit, formatBytes)}, request ${fact(server.memoryRequest, formatBytes)}`;
  return shared === undefined ? sizes : `${sizes}; shared memory ${formatSharedMemory(shared)}`;
}

function settingLines(server: Server, inspection: Inspection): readonly string[] {
  const place = placeIn(inspection);
  const rows = [...server.intended.settings.values()].flatMap(setting => [
    { setting, note: setting.loaded ? '' : ' (its file is not loaded)' },
    ...setting.overridden.toReversed().map(o => ({ setting: o, note: ' (overridden)' })),
  ]);
  const width = Math.max(0, ...rows.map(r => r.setting.name.length));
  return rows.map(
    ({ setting, note }) =>
      `${setting.name.padEnd(width)} = ${shownValue(setting, inspection)}  ${place(setting.at)}${note}`,
  );
}

/** The value as written, masked where it holds a secret. */
function shownValue(setting: Setting, { masks }: Inspection): string {
  const secret = masks.some(m => m.path === setting.at.path && m.start < setting.at.end && setting.at.start < m.end);
  return secret ? '********' : setting.value;
}

/** The same as data: values in base units as `pg_settings` would show them. */
export function inspectJson(inspection: Inspection): object {
  return {
    servers: inspection.servers.map(server => ({
      name: server.name,
      platform: server.platform,
      certainty: server.certainty,
      declared: { kind: server.resource?.kind ?? server.platform, ...position(server.at, inspection) },
      image: {
        reference: value(server.image.reference),
        family: server.image.family,
        major: value(server.image.major),
        uid: server.image.uid ?? null,
      },
      replicas: value(server.replicas),
      replication: server.replication.mechanism,
      start: server.start.kind,
      dataDirectory: value(server.dataDirectory),
      dataVolume: {
        kind: server.dataVolume.kind,
        name: server.dataVolume.mount?.volume ?? null,
        bytes: value(server.dataVolume.size),
      },
      port: value(server.port),
      memory: {
        limitBytes: value(server.memoryLimit),
        requestBytes: value(server.memoryRequest),
        sharedBytes: sharedMemory(server.intended)?.bytes ?? null,
      },
      settings: [...server.intended.settings.values()].map(s => settingJson(s, server.intended, inspection)),
      unknown: server.effective.open ?? null,
    })),
  };
}

function settingJson(setting: Setting, configuration: Configuration, inspection: Inspection): object {
  const parsed = parsedValue(configuration, setting);
  const shown =
    setting.parameter !== undefined && parsed?.ok === true ? showValue(setting.parameter, parsed.value) : setting.value;
  const written = shownValue(setting, inspection);
  return {
    name: setting.name,
    value: written === setting.value ? shown : written,
    unit: setting.parameter?.unit ?? null,
    loaded: setting.loaded,
    origin: position(setting.at, inspection),
    overridden: setting.overridden.map(o => ({ value: shownValue(o, inspection), origin: position(o.at, inspection) })),
  };
}

const value = <T>(f: Fact<T>): T | null => (f.state === 'known' ? f.value : null);

function fact<T>(f: Fact<T>, show: (value: T) => string): string {
  return f.state === 'known' ? show(f.value) : f.state === 'absent' ? 'none' : `unknown (${f.reason})`;
}

function position(at: Location, { text }: Inspection): { path: string; line: number; column: number } {
  const { line, column } = linesOf(text(at.path) ?? '').position(at.start);
  return { path: at.path, line, column };
}

function placeIn(inspection: Inspection): (at: Location) => string {
  return at => {
    const { path, line, column } = position(at, inspection);
    return `${path}:${line}:${column}`;
  };
}
