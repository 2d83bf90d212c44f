import { fix } from '../../src/fix/edits.ts';
import { appendLine, settingLine } from '../../src/fix/line-edits.ts';
import { settingOf } from '../../src/postgres/settings.ts';
import { unreadSettings } from '../../src/postgres/unread-files.ts';
import { defineRule, type Severity } from '../../src/types.ts';

const help = "add listen_addresses = '*' to the file";

export default defineRule({
  id: 'config-file-listen-addresses-missing',
  summary: 'config_file replaces the settings that let PostgreSQL listen beyond localhost.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const { effective, intended, image } = server;
    if (image.family !== 'official') return;
    const mend = (region: Parameters<typeof appendLine>[1]) =>
      fix(
        { title: "listen_addresses = '*'", applicability: 'unsafe' },
        appendLine(text, region, settingLine('listen_addresses', '*')),
      );
    const configFile = settingOf(effective, 'config_file');
    if (configFile.state === 'known' && effective.defaults === 'boot') {
      const use = server.settingsFiles.find(u => u.path === configFile.value.value);
      if (use === undefined || settingOf(effective, 'listen_addresses').state !== 'absent') return;
      yield {
        at: configFile.at,
        message: `${configFile.value.value} replaces the image's settings and sets no listen_addresses, so the server "${server.name}" listens on localhost only and no other machine can connect`,
        label: 'sets no listen_addresses',
        help,
        related: [{ at: use.region.name, message: 'the file' }],
        fix: mend(use.region),
      };
      return;
    }
    if (settingOf(intended, 'listen_addresses').state !== 'absent') return;
    for (const { path, region, withoutVolume } of unreadSettings(server)) {
      if (region === undefined) continue;
      const name = withoutVolume ? text(region.path)?.slice(region.name.start, region.name.end) : path;
      if (name === undefined || !/(^|\/)"?postgresql\.conf"?$/.test(name)) continue;
      yield {
        at: region.name,
        severity: 'warning' satisfies Severity,
        message: `the file sets no listen_addresses, so once the server "${server.name}" loads it with config_file, it listens on localhost only and no other machine can connect`,
        label: 'sets no listen_addresses',
        help,
        fix: mend(region),
      };
    }
  },
});
