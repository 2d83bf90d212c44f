import { expect, test } from 'vitest';
import { loadCatalogue, parameterOf } from './catalogue.ts';
import { humanValue } from './human-values.ts';

const catalogue = await loadCatalogue();

test.for([
  ['shared_buffers', 16, '128kB'],
  ['shared_buffers', 1_073_741_823, 'about 8TB'],
  ['work_mem', 64, '64kB'],
  ['work_mem', 2_147_483_647, 'about 2TB'],
  ['max_wal_size', 2, '2MB'],
  ['checkpoint_timeout', 30, '30s'],
  ['checkpoint_timeout', 86_400, '1d'],
  ['statement_timeout', 0, '0'],
  ['max_connections', 262_143, '262143'],
  ['autovacuum_vacuum_cost_limit', -1, '-1'],
  ['random_page_cost', 1.5, '1.5'],
] as const)('%s %d is %s', ([name, value, expected]) => {
  const parameter = parameterOf(catalogue, 17, name);
  expect(parameter && humanValue(parameter, value)).toBe(expected);
});
