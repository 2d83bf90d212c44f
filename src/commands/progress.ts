/** One line on a terminal's standard error while a run takes its time. */
import type { Io } from './io.ts';

/** Shows and takes away the line. */
export interface Progress {
  readonly show: (files: number) => void;
  readonly end: () => void;
}

/** Silent for the first second, and where standard error is no terminal. */
export function progressOf({ errorTerminal, complain, clock }: Io): Progress {
  const started = clock();
  let shown = false;
  return {
    show(files) {
      if (!errorTerminal || clock() - started < 1) return;
      shown = true;
      complain(`\r\u001b[Ktusklint: ${files} files read`);
    },
    end() {
      if (shown) complain('\r\u001b[K');
    },
  };
}
