/** What a server is for, as far as names tell. */
import type { Server } from './server.ts';

const TEST = /(?:^|[/._-])(?:tests?|testing|testdata|e2e|ci|dev|devel|development|local|sandbox|integration)(?:[/._-]|$)/i;

/** Its file, name or namespace says that it serves tests or a developer: what would lose data there costs nobody anything. */
export function servesTests({ name, at, resource }: Server): boolean {
  return [at.path, name, resource?.namespace ?? ''].some(text => TEST.test(text));
}
