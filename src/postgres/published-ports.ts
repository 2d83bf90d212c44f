/** The ports of a compose service that the host publishes. */
import type { Location } from '../types.ts';
import { getItems, getText, type Node } from '../yaml/node.ts';
import type { Server } from './server.ts';

export interface PublishedPort {
  /** The item of `ports`. */
  readonly node: Node;
  readonly at: Location;
  /** The port of the host as written; it may be filled in later. */
  readonly host: string;
  readonly target: number;
  /** The host's address, where one is written. */
  readonly address: string | undefined;
}

/** Ranges and ports without a number of the host (which docker chooses) are left out. */
export function publishedPorts({ platform, container }: Server): readonly PublishedPort[] {
  if (platform !== 'compose') return [];
  return getItems(container?.node, 'ports').flatMap(node => {
    const published = node.kind === 'map' ? fromMap(node) : node.kind === 'scalar' ? fromText(node.text) : undefined;
    return published === undefined || Number.isNaN(published.target) ? [] : [{ node, at: node, ...published }];
  });
}

type Parts = Pick<PublishedPort, 'host' | 'target' | 'address'>;

function fromMap(node: Node): Parts | undefined {
  const host = getText(node, 'published');
  if (host === undefined || (getText(node, 'protocol') ?? 'tcp') !== 'tcp') return undefined;
  return { host, target: Number(getText(node, 'target')), address: getText(node, 'host_ip') };
}

/** `[ADDRESS:]HOST:CONTAINER[/tcp]`, where each may be `${VAR:-default}`. */
function fromText(text: string): Parts | undefined {
  const match = /^(?:(\[[^\]]+\]|\$\{[^}]*\}|[^:${]+):)?(\$\{[^}]*\}|\$\w+|\d+):(\d+)(?:\/tcp)?$/.exec(text);
  return match === null ? undefined : { address: match[1], host: match[2] ?? '', target: Number(match[3]) };
}
