/** The progress of an export that is read: how much of it. */
import type { Io } from './io.ts';
import { progressLine } from './progress.ts';

/** Shows and takes away the line. */
export interface ByteProgress {
  /** `total` is undefined where the end is not known; `what` says what is being read. */
  readonly show: (bytes: number, total: number | undefined, what?: string) => void;
  readonly end: () => void;
}

const width = 30;

/** Where and when it is shown: see `progressLine`. */
export function byteProgress(io: Pick<Io, 'errorTerminal' | 'complain' | 'clock'>): ByteProgress {
  const { show, end } = progressLine(io);
  return {
    show: (bytes, total, what = '') =>
      show(
        () =>
          `${total === undefined ? `${megabytes(bytes)} read` : bar(bytes, total)}${what === '' ? '' : ` (${what})`}`,
      ),
    end,
  };
}

function bar(bytes: number, total: number): string {
  const share = Math.min(1, total === 0 ? 1 : bytes / total);
  const full = Math.floor(share * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${Math.floor(share * 100)}% of ${megabytes(total)}`;
}

/** A size for a person. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
