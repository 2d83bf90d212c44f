import { fix, type Edits, setPath, setScalar } from '../../src/fix/edits.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { publishedPorts } from '../../src/postgres/published-ports.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'compose-port-published-all',
  summary: "The server's port is published on every address of the host.",
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const port = valueOf(server.port) ?? 5432;
    for (const { node, host, target, address, at } of publishedPorts(server)) {
      if (target !== port || (address !== undefined && address !== '0.0.0.0')) continue;
      const edits: Edits =
        node.kind === 'map'
          ? setPath(node, ['host_ip'], '127.0.0.1')
          : node.kind === 'scalar' && address === undefined
            ? setScalar(node, `127.0.0.1:${node.text}`)
            : undefined;
      yield {
        at,
        severity: isThrowAway(server) ? 'info' : undefined,
        message: `port ${host} of the host leads to the server "${server.name}" from every address, past the rules of ufw and firewalld, so whoever reaches the host can try passwords`,
        label: 'on all addresses',
        help: `publish it on 127.0.0.1, or not at all: other services reach it as ${server.name}:${port}`,
        fix: fix({ title: `127.0.0.1:${host}:${target}`, applicability: 'unsafe' }, edits),
      };
    }
  },
});
