import { fix, removeEntry, removeItem } from '../../src/fix/edits.ts';
import { fileVariables } from '../../src/postgres/entrypoint-variables.ts';
import type { Server } from '../../src/postgres/server.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { get, getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'secret-env-and-file',
  summary: 'A password is given twice, or by a file that is not there, and the entrypoint of the image gives up.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    for (const { name, variable, direct, path, fault } of fileVariables(server)) {
      const at = variable.value.at ?? variable.at;
      if (fault === 'both') {
        yield {
          at: variable.at,
          message: `"${server.name}" sets both ${name} and ${name}_FILE, so its container ends with "Both ${name} and ${name}_FILE are set (but are exclusive)"`,
          label: 'set beside the variable itself',
          help: `keep ${name}_FILE, and take ${name} away`,
          fix: without(server, name),
          related: direct === undefined ? [] : [{ at: direct.at, message: name }],
        };
      } else {
        yield {
          at,
          message: `${name}_FILE of "${server.name}" names ${path}, where nothing is mounted, so the container ends with "${path}: No such file or directory"`,
          label: 'no volume is mounted here',
          help: 'mount the Secret there, or name the path at which it is mounted',
        };
      }
    }
  },
});

/** The file stays: its value is in no manifest. */
function without({ container, platform }: Server, name: string): Problem['fix'] {
  const list = get(container?.node, platform === 'compose' ? 'environment' : 'env');
  const about = { title: `without ${name}`, applicability: 'unsafe', restarts: true } as const;
  if (list?.kind === 'map') return fix(about, removeEntry(list, name));
  if (list?.kind !== 'seq') return undefined;
  const items = list.items.filter(i => (getText(i, 'name') ?? getText(i)?.replace(/=[^]*/, '')) === name);
  const [item] = items;
  return item === undefined || items.length > 1 ? undefined : fix(about, removeItem(list, item));
}
