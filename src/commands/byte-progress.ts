/** One line on a terminal's standard error while an export is read: how much of it. */
import type { Io } from './io.ts';

/** Shows and takes away the line. */
export interface ByteProgress {
  /** `total` is undefined where the end is not known; `what` says what is being read. */
  readonly show: (bytes: number, total: number | undefined, what?: string) => void;
  readonly end: () => void;
}

const width = 30;

/** Silent for the first second, and where standard error is no terminal. */
export function byteProgress({
  errorTerminal,
  complain,
  clock,
}: Pick<Io, 'errorTerminal' | 'complain' | 'clock'>): ByteProgress {
  const started = errorTerminal ? clock() : 0;
  let last = started;
  let shown = false;
  return {
    show(bytes, total, what = '') {
      if (!errorTerminal) return;
      const now = clock();
      if (now - started < 1 || (shown && now - last < 0.1)) return;
      last = now;
      shown = true;
      complain(
        `\r\u001b[Ktusklint: ${total === undefined ? `${megabytes(bytes)} read` : bar(bytes, total)}${what === '' ? '' : ` (${what})`}`,
      );
    },
    end() {
      if (shown) complain('\r\u001b[K');
    },
  };
}

function bar(bytes: number, total: number): string {
  const share = Math.min(1, total === 0 ? 1 : bytes / total);
  const full = Math.floor(share * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${Math.floor(share * 100)}% of ${megabytes(total)}`;
}

/** A size for a person. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
