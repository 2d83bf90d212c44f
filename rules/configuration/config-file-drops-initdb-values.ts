import { isSet, settingOf } from '../../src/postgres/settings.ts';
import { defineRule, valueOf } from '../../src/types.ts';

/** What initdb writes and the compiled-in default is not. */
const values: readonly (readonly [name: string, without: string])[] = [
  ['timezone', 'timezone is GMT'],
  ['log_timezone', 'log_timezone is GMT'],
  ['default_text_search_config', 'text search uses "simple"'],
];

export default defineRule({
  id: 'config-file-drops-initdb-values',
  summary: 'config_file replaces the values that initdb found for this system, and the file does not set them.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { effective, image } = server;
    const configFile = settingOf(effective, 'config_file');
    const major = valueOf(image.major);
    if (configFile.state !== 'known' || effective.defaults !== 'boot' || effective.open !== undefined) return;
    const use = server.settingsFiles.find(u => u.path === configFile.value.value);
    const small = major !== undefined && major <= 14 && !isSet(effective, 'shared_buffers');
    const lost = [
      ...(small ? ['shared_buffers is 8MB instead of 128MB'] : []),
      ...values.filter(([name]) => !isSet(effective, name)).map(([, without]) => without),
    ];
    if (lost.length === 0 || use === undefined) return;
    yield {
      at: configFile.at,
      severity: small ? 'warning' : undefined,
      message: `${configFile.value.value} replaces what initdb wrote for the server "${server.name}" and leaves some of it out: ${lost.join(', ')}`,
      help: `set in it what is meant${small ? ', shared_buffers above all' : ''}`,
      related: [{ at: use.region.name, message: 'the file' }],
    };
  },
});
