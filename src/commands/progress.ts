/** One line on a terminal's standard error while a run takes its time. */
import type { Io } from './io.ts';

/** Shows and takes away the line. */
export interface ProgressLine {
  /** Asks for the text only where it is shown. */
  readonly show: (text: () => string) => void;
  readonly end: () => void;
}

/** Silent for the first second, and where standard error is no terminal; changes ten times a second at most. */
export function progressLine({
  errorTerminal,
  complain,
  clock,
}: Pick<Io, 'errorTerminal' | 'complain' | 'clock'>): ProgressLine {
  const started = errorTerminal ? clock() : 0;
  let last = started;
  let shown = false;
  return {
    show(text) {
      if (!errorTerminal) return;
      const now = clock();
      if (now - started < 1 || (shown && now - last < 0.1)) return;
      last = now;
      shown = true;
      complain(`\r\u001b[Ktusklint: ${text()}`);
    },
    end() {
      if (shown) complain('\r\u001b[K');
    },
  };
}
