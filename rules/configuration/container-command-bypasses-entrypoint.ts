import { fix, renameKey } from '../../src/fix/edits.ts';
import { bypassOf } from '../../src/postgres/bypass.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { entry } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'container-command-bypasses-entrypoint',
  summary: "The container's command replaces the entrypoint of the image, which initialises the data and leaves root.",
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const bypass = bypassOf(server);
    if (bypass === undefined) return;
    const { container, name, platform } = server;
    const [command, args] = platform === 'compose' ? ['entrypoint', 'command'] : ['command', 'args'];
    const words = valueOf(container?.command) ?? [];
    const moved =
      server.start.kind === 'direct' &&
      words[0]?.value === 'postgres' &&
      !words.some(w => w.value.startsWith('-D') || /data[_-]directory/.test(w.value)) &&
      container?.node !== undefined &&
      entry(container.node, args) === undefined
        ? renameKey(container.node, command, args)
        : undefined;
    const replaces = `the ${command} of "${name}" replaces the entrypoint of the image`;
    yield {
      at: bypass.at,
      severity: bypass.asRoot ? undefined : 'warning',
      message: bypass.asRoot
        ? `${replaces}, so PostgreSQL is started as root and refuses ("root" execution of the PostgreSQL server is not permitted)`
        : `${replaces}, so nothing initialises an empty volume and PostgreSQL does not start on one`,
      label: 'instead of docker-entrypoint.sh',
      help:
        moved === undefined
          ? `start docker-entrypoint.sh, or give the options alone as ${args}`
          : `write ${args} instead of ${command}: the entrypoint then starts postgres with these words`,
      fix: fix(
        {
          title: `${command} → ${args}`,
          applicability: isEphemeral(server) ? 'unsafe' : 'safe',
          restarts: platform === 'kubernetes',
        },
        moved,
      ),
    };
  },
});
