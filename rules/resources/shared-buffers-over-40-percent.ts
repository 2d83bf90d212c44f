import { asPostgresSize } from '../../src/postgres/memory.ts';
import { chosenSetting, memoryLimitOf, premise, proofs, sharedNeed, sizeText } from '../../src/postgres/memory-case.ts';
import { assign } from '../../src/postgres/memory-fix.ts';
import { quarterOf } from '../../src/postgres/memory-plan.ts';
import { defineRule } from '../../src/types.ts';

const GIB = 1024 ** 3;

export default defineRule({
  id: 'shared-buffers-over-40-percent',
  summary: 'shared_buffers takes more than 40% of the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  options: { share: 0.4 },
  on: 'server',
  *check(server, { options, ...context }) {
    const limit = memoryLimitOf(server);
    const need = sharedNeed(server);
    const setting = chosenSetting(server, 'shared_buffers');
    if (limit === undefined || need === undefined || setting === undefined) return;
    const share = need.sharedBuffers / limit.value;
    if (share <= options.share || need.bytes >= limit.value) return;
    const quarter = quarterOf(limit.value);
    yield {
      at: setting.at,
      message: `${premise([setting])}shared_buffers takes ${Math.round(share * 100)}% of the ${sizeText(server, limit.value)} that the server "${server.name}" may use, so connections, sorts and the page cache share the little that is left`,
      label: `${Math.round(share * 100)}% of the limit`,
      help: `lower it to a quarter of the limit, ${asPostgresSize(quarter)}${limit.value < GIB ? ': below 1 GB of memory PostgreSQL advises a smaller share still' : ''}`,
      related: proofs(server, limit, [], setting.at),
      fix: assign(server, new Map([['shared_buffers', quarter]]), context),
    };
  },
});
