/** `--baseline` and `--update-baseline`: findings that are accepted for now. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { compare, readBaseline, writeBaseline } from '../engine/baseline.ts';
import { readText } from '../read.ts';
import type { Finding } from '../types.ts';
import { type Io, UsageError } from './io.ts';
import { writeOutput } from './output.ts';

/** The flags that bear on a baseline. */
export interface BaselineFlags {
  readonly baseline: string;
  readonly updateBaseline: boolean;
}

/** Which findings count: those that the baseline does not list. Updating it first accepts all of `findings`. */
export function applyBaseline(
  findings: readonly Finding[],
  flags: BaselineFlags,
  io: Io,
): (finding: Finding) => boolean {
  const { baseline: path } = flags;
  if (flags.updateBaseline) writeOutput(io.cwd, path, writeBaseline(findings));
  const absolute = resolve(io.cwd, path);
  if (!existsSync(absolute)) throw new UsageError(`there is no baseline "${path}": --update-baseline writes it`);
  const read = readText(absolute);
  if (read.text === undefined) throw new UsageError(`${path} ${read.reason}`);
  const baseline = readBaseline({ path, text: read.text });
  const { stale } = compare(findings, baseline);
  if (stale.length > 0) {
    const entries = stale.length === 1 ? 'entry is' : 'entries are';
    io.complain(`tusklint: ${stale.length} ${entries} no longer needed in ${path}: --update-baseline removes them\n`);
  }
  const accepted = new Set(baseline.entries.map(e => e.fingerprint));
  return finding => !accepted.has(finding.fingerprint);
}
