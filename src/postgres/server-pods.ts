/** The pods that run servers, each once, with their quality of service. */
import type { Environment } from '../environment.ts';
import { limitRangesIn } from '../kubernetes/limit-range.ts';
import { type QualityOfServiceClass, qualityOfService } from '../kubernetes/quality-of-service.ts';
import type { Workload } from '../kubernetes/workload.ts';
import type { Server } from './server.ts';

export interface ServerPod {
  readonly workload: Workload;
  /** At least one. */
  readonly servers: readonly Server[];
  readonly quality: QualityOfServiceClass | 'unknown';
}

/** The pods of an environment's servers; not those of partial manifests, whose other half may say anything. */
export function serverPods(environment: Environment): readonly ServerPod[] {
  const workloads = new Set(environment.servers.flatMap(s => s.workload ?? []).filter(w => !w.partial));
  return [...workloads].map(workload => ({
    workload,
    servers: environment.servers.filter(s => s.workload === workload),
    quality: qualityOfService(workload.pod, limitRangesIn(environment.resources, workload.resource.namespace)).class,
  }));
}
