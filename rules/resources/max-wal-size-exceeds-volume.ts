import { settingFix } from '../../src/fix/setting-fix.ts';
import { formatBytes } from '../../src/kubernetes/quantity.ts';
import { asPostgresSize } from '../../src/postgres/memory.ts';
import { chosenSetting, premise, proofs } from '../../src/postgres/memory-case.ts';
import type { Server } from '../../src/postgres/server.ts';
import { bytesOf, settingOf } from '../../src/postgres/settings.ts';
import { type Problem, type TextOf, defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'max-wal-size-exceeds-volume',
  summary: 'The write-ahead log may fill the volume of the data, and PostgreSQL stops when it is full.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  options: { share: 0.5 },
  on: 'server',
  *check(server, { options, text }) {
    const { container, dataVolume, intended, name } = server;
    const size = valueOf(dataVolume.size);
    if (size === undefined || size < 1024 ** 2 || dataVolume.shadowedBy !== undefined) return;
    // The log lies on another volume.
    if (container?.environmentOpen !== false || container.environment.some(v => /WALDIR|INITDB_ARGS/.test(v.name)))
      return;
    if (container.mounts.some(m => m.path.includes('pg_wal') || m.path.includes('pg_xlog'))) return;
    const max = bytesOf(intended, 'max_wal_size');
    if (max === undefined) return;
    const keep = bytesOf(intended, 'wal_keep_size') ?? 0;
    const governing = keep > max ? 'wal_keep_size' : 'max_wal_size';
    const bytes = Math.max(keep, max);
    const share = bytes / size;
    const isChosen = chosenSetting(server, governing) !== undefined;
    if (share <= options.share || (!isChosen && share < 1)) return;
    const setting = valueOf(settingOf(intended, governing));
    const at = setting?.at ?? dataVolume.size.at ?? dataVolume.mount?.at ?? server.at;
    yield {
      at,
      severity: !isChosen ? 'info' : share >= 1 ? undefined : 'warning',
      message: `${premise([setting])}the write-ahead log of the server "${name}" may grow to ${asPostgresSize(bytes)} (${governing}${setting === undefined ? ', the default' : ''}) on a volume of ${formatBytes(size)} that holds the data too, so PostgreSQL stops with a PANIC when heavy writes fill it`,
      label: setting === undefined ? `less than ${governing}` : `${Math.round(share * 100)}% of the volume`,
      help: `enlarge the volume, or lower ${governing} to less than half of it`,
      fix: smaller(server, governing, options.share * size, text),
      related: [
        ...proofs(server, undefined, [setting], at),
        ...(dataVolume.size.at === undefined || setting === undefined
          ? []
          : [{ at: dataVolume.size.at, message: `the volume, ${formatBytes(size)}` }]),
      ],
    };
  },
});

/** What may stay of the log within the share; its least size follows. */
function smaller(server: Server, governing: string, bytes: number, text: TextOf): Problem['fix'] {
  const megabytes = Math.floor(bytes / 1024 ** 2);
  const least = bytesOf(server.intended, 'min_wal_size');
  // A volume for which that is too little has to grow.
  if (megabytes < 256 || least === undefined) return undefined;
  const size = (mebibytes: number): string => asPostgresSize(mebibytes * 1024 ** 2);
  const isLeastAbove = governing === 'max_wal_size' && least >= megabytes * 1024 ** 2;
  return settingFix(
    server,
    { [governing]: size(megabytes), ...(isLeastAbove ? { min_wal_size: size(Math.floor(megabytes / 2)) } : {}) },
    text,
  );
}
