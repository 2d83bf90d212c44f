import { isWithin } from '../../src/kubernetes/mounts.ts';
import { effective, settingOf } from '../../src/postgres/settings.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'compose-unused-mount',
  summary: 'A volume lies over a directory for logs, and PostgreSQL writes no log there.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { container, name, platform, image, intended } = server;
    if (platform !== 'compose' || image.family !== 'official') return;
    const collector = settingOf(intended, 'logging_collector');
    const directory = effective(intended, 'log_directory');
    const destination = effective(intended, 'log_destination');
    if (collector.state === 'unknown' || typeof directory !== 'string' || typeof destination !== 'string') return;
    const writes = effective(intended, 'logging_collector') === true;
    for (const mount of container?.mounts ?? []) {
      if (!/^\/var\/log(?:\/postgres(?:ql)?)?$/.test(mount.path) || (writes && isWithin(directory, mount.path)))
        continue;
      yield {
        at: mount.at,
        message: writes
          ? `the server "${name}" writes its log to ${directory}, so nothing comes into ${mount.path}`
          : `the server "${name}" writes its log to standard error, so nothing comes into ${mount.path}`,
        label: 'stays empty',
        help: 'take the volume away and read the log with docker logs',
      };
    }
  },
});
