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

/**
 * Nobody reaches this compose service from outside of its host: it publishes no port, or each on an address of its own.
 * Ranges and ports whose number docker chooses are open on every address.
 */
export function isPrivate(server: Server): boolean {
  const node = server.container?.node;
  if (server.platform !== 'compose' || getText(node, 'network_mode') === 'host') return false;
  const kept = publishedPorts(server).filter(
    p => p.address !== undefined && !['0.0.0.0', '[::]', '::'].includes(p.address),
  );
  return kept.length === getItems(node, 'ports').length;
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
