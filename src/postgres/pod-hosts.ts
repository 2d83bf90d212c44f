/** Where host names of a StatefulSet's pods are used: `orders-0`, `orders-0.orders`, `orders-0.orders.prod.svc`. */
import type { Environment } from '../environment.ts';
import { connectionStrings } from '../formats/connection-string.ts';
import type { Workload } from '../kubernetes/workload.ts';
import { locate } from '../text-region.ts';
import type { Location } from '../types.ts';

export interface PodHost {
  /** As written. */
  readonly host: string;
  readonly ordinal: number;
  /** What follows the pod's name: the governing Service, first of all; undefined for the bare name. */
  readonly service: string | undefined;
  readonly at: Location;
}

/** The hosts of connections, and of the connection strings in scripts, that name a pod of the workload. */
export function podHosts({ connections, servers }: Environment, workload: Workload): readonly PodHost[] {
  const hosts: { readonly host: string; readonly at: Location }[] = connections.flatMap(({ host }) =>
    host.state === 'known' ? [{ host: host.value, at: host.at }] : [],
  );
  for (const { region } of new Set(servers.flatMap(s => s.scripts))) {
    for (const { hosts: named } of connectionStrings(region.text)) {
      for (const part of named)
        if (part.literal) hosts.push({ host: part.text, at: locate(region, part.start, part.end) });
    }
  }
  const pattern = new RegExp(`^${escapeName(workload.resource.name)}-(\\d+)(?:\\.([^.]+)(?:\\..*)?)?$`);
  const found = hosts.flatMap(({ host, at }) => {
    const match = pattern.exec(host);
    return match === null ? [] : [{ host, ordinal: Number(match[1]), service: match[2], at }];
  });
  return found.filter((h, i) => found.findIndex(o => o.at.path === h.at.path && o.at.start === h.at.start) === i);
}

const escapeName = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
