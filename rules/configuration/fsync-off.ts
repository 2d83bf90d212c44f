import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { effective, type Setting, settingOf } from '../../src/postgres/settings.ts';
import { named } from '../../src/postgres/setting-faults.ts';
import { onceLoaded } from '../../src/postgres/wording.ts';
import { composed, defineRule, type Part } from '../../src/types.ts';

interface Gap extends Part {
  readonly setting: Setting;
  readonly safe: string;
}

/** The part, the parameter, its unsafe value and the consequence. */
const unsafe: readonly (readonly [id: string, name: string, value: boolean, text: string])[] = [
  ['fsync-off', 'fsync', false, 'a crash of the node can leave the data corrupt beyond recovery'],
  [
    'full-page-writes-off',
    'full_page_writes',
    false,
    'a crash can leave pages half written, which recovery does not mend',
  ],
  [
    'zero-damaged-pages-on',
    'zero_damaged_pages',
    true,
    'damaged pages are emptied, with their rows, instead of reported',
  ],
  [
    'ignore-checksum-failure-on',
    'ignore_checksum_failure',
    true,
    'pages with a wrong checksum are read as if they were right',
  ],
];

export default defineRule({
  id: 'fsync-off',
  summary:
    'A setting trades the safety of the data away: fsync, full_page_writes, zero_damaged_pages, ignore_checksum_failure.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  aliases: ['full-page-writes-off', 'zero-damaged-pages-on', 'ignore-checksum-failure-on'],
  on: 'server',
  *check(server, { text }) {
    const { intended } = server;
    const gaps = unsafe.flatMap(([id, name, value, consequence]): readonly Gap[] => {
      const setting = settingOf(intended, name);
      if (setting.state !== 'known' || effective(intended, name) !== value) return [];
      return [{ id, text: consequence, setting: setting.value, safe: value ? 'off' : 'on' }];
    });
    if (gaps.length === 0) return;
    yield composed(gaps, left => {
      const [first, ...others] = left as readonly [Gap, ...Gap[]];
      const names = left.map(g => `${g.setting.name} = ${g.setting.value}`).join(', ');
      return {
        at: first.setting.at,
        severity: isEphemeral(server) ? 'info' : isThrowAway(server) ? 'warning' : undefined,
        message: `${named(server)} runs with ${names}, so ${left.map(g => g.text).join('; ')}${onceLoaded(first.setting)}`,
        help: `set ${left.map(g => `${g.setting.name} = ${g.safe}`).join(', ')}`,
        related: others.map(g => ({ at: g.setting.at, message: `${g.setting.name} = ${g.setting.value}` })),
        fix: fix(
          { title: left.map(g => `${g.setting.name} = ${g.safe}`).join(', '), applicability: 'safe' },
          ...left.map(g => setValue(text, g.setting, g.safe)),
        ),
      };
    });
  },
});
