/** The shell scripts that run in and around a server's container, wherever they are written. */
import type { ShellScript } from './formats/shell.ts';
import type { Container } from './kubernetes/workload.ts';
import type { TextRegion } from './text-region.ts';

export interface Script {
  /** `start`: the container's own command; `init`: an init container; `hook`: postStart, preStop; `initdb`: runs once, at first start. */
  readonly role: 'start' | 'init' | 'hook' | 'initdb' | 'mounted';
  readonly region: TextRegion;
  readonly shell: ShellScript;
  /** The container that runs it. */
  readonly container: Container;
}
