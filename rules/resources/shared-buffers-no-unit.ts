import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { asPostgresSize } from '../../src/postgres/memory.ts';
import { premise, subject } from '../../src/postgres/memory-case.ts';
import { settingOf } from '../../src/postgres/settings.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule, valueOf } from '../../src/types.ts';

const BLOCK = 8192;
/** Nobody gives a server so little on purpose: the number was meant as megabytes. */
const SURELY_MEANT_OTHERWISE = 32 * 1024 ** 2;

export default defineRule({
  id: 'shared-buffers-no-unit',
  summary: 'shared_buffers is a bare number, which counts blocks of 8 kB and reads as megabytes.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server, { text }) {
    const setting = valueOf(settingOf(server.intended, 'shared_buffers'));
    if (setting === undefined || !/^\d+$/.test(setting.value)) return;
    const bytes = Number(setting.value) * BLOCK;
    const size = asPostgresSize(bytes);
    const isSlip = bytes < SURELY_MEANT_OTHERWISE;
    const meant = `${setting.value}MB`;
    const restarts = setting.origin === 'command line' && server.platform === 'kubernetes';
    yield {
      at: setting.at,
      severity: isSlip ? undefined : 'info',
      message: isSlip
        ? `${premise([setting])}shared_buffers = ${setting.value} counts blocks of 8 kB, so ${subject(server)} caches in ${size}, not in ${meant}`
        : `shared_buffers = ${setting.value} counts blocks of 8 kB, ${size}, so it is easily taken for another size`,
      label: `${size}, not ${meant}`,
      help: isSlip ? `write ${meant} if that is meant, or else ${size}` : `write ${size}, which is the same`,
      fix: fix(
        {
          title: `shared_buffers: ${setting.value} → ${isSlip ? meant : size}`,
          applicability: isSlip || (restarts && isEphemeral(server)) ? 'unsafe' : 'safe',
          ...(restarts ? { restarts } : {}),
        },
        setValue(text, setting, isSlip ? meant : size),
      ),
    };
  },
});
