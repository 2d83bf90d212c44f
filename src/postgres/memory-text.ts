/** Memory as messages, manifests and settings write it. */
import type { MemoryTerm, SharedMemory } from './shared-memory.ts';

const KIB = 1024;
const MIB = 1024 ** 2;

/** A sum with its terms; `total` is in bytes. */
export interface Sum {
  readonly terms: readonly MemoryTerm[];
  readonly total: number;
}

/**
 * The sum as a message prints it, in whole MiB that add up:
 * `280 (shared memory) + 332 (process base (32 + 100×3)) = 612 MiB`. With `limit`: ` > 512 MiB` behind it.
 */
export function formatTerms({ terms, total }: Sum, limit?: number): string {
  const written = roundTogether(terms)
    .filter(term => term.mib > 0)
    .map(({ label, mib }) => `${mib} (${label})`);
  return `${written.join(' + ')} = ${total === 0 ? 0 : Math.round(total / MIB)} MiB${compared(total, limit)}`;
}

/** The shared memory as a message prints it: `264 buffers + 8 WAL + 8 connections and locks = 280 MiB`. */
export function formatSharedMemory(shared: SharedMemory): string {
  const written = roundTogether(shared.terms)
    .filter(term => term.mib > 0)
    .map(({ label, mib }) => `${mib} ${label}`);
  return `${written.join(' + ')} = ${Math.round(shared.bytes / MIB)} MiB`;
}

function compared(total: number, limit: number | undefined): string {
  if (limit === undefined) return '';
  return ` ${total > limit ? '>' : '≤'} ${formatMib(limit)}`;
}

/** Whole MiB for each term such that they add up to the rounded total: the largest remainders are rounded up. */
function roundTogether(terms: readonly MemoryTerm[]): readonly { readonly label: string; readonly mib: number }[] {
  const total = Math.round(terms.reduce((bytes, term) => bytes + term.bytes, 0) / MIB);
  const floors = terms.map(term => Math.floor(term.bytes / MIB));
  const missing = total - floors.reduce((a, b) => a + b, 0);
  const remainder = (i: number): number => (terms[i]?.bytes ?? 0) / MIB - (floors[i] ?? 0);
  const up = new Set(
    terms
      .map((_, i) => i)
      .sort((a, b) => remainder(b) - remainder(a))
      .slice(0, missing),
  );
  return terms.map((term, i) => ({ label: term.label, mib: (floors[i] ?? 0) + (up.has(i) ? 1 : 0) }));
}

/** `280 MiB`; fractions only below 10 MiB. */
export function formatMib(bytes: number): string {
  return `${formatNumber(bytes / MIB)} MiB`;
}

/** A size as a Kubernetes quantity, exact where whole Mi or Gi give it, otherwise rounded up to the next Mi: `1Gi`, `280Mi`. */
export function asQuantity(bytes: number): string {
  const mebibytes = Math.ceil(bytes / MIB);
  return mebibytes % KIB === 0 ? `${mebibytes / KIB}Gi` : `${mebibytes}Mi`;
}

/** A size as PostgreSQL writes it, in the largest unit that gives it whole: `1GB`, `1536MB`, `64kB`. */
export function asPostgresSize(bytes: number): string {
  const kilobytes = Math.floor(bytes / KIB);
  if (kilobytes % (KIB * KIB) === 0 && kilobytes > 0) return `${kilobytes / (KIB * KIB)}GB`;
  return kilobytes % KIB === 0 ? `${kilobytes / KIB}MB` : `${kilobytes}kB`;
}

/** One decimal below 10, whole numbers above. */
export function formatNumber(value: number): string {
  return String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}
