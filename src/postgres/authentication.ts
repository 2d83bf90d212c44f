/** pg_hba.conf: who may connect from where, and how they prove it. */
import type { HbaRecord, ParsedHba } from '../formats/pg-hba.ts';
import type { TextRegion } from '../text-region.ts';
import type { Server } from './server.ts';

export interface HbaFile {
  readonly region: TextRegion;
  readonly parsed: ParsedHba;
  readonly servers: readonly Server[];
  readonly majors: readonly number[];
  readonly loaded: boolean;
}
export type { HbaRecord };
