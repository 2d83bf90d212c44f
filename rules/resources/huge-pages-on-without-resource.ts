import { settingFix } from '../../src/fix/setting-fix.ts';
import { premise } from '../../src/postgres/memory-case.ts';
import { effective, settingOf } from '../../src/postgres/settings.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'huge-pages-on-without-resource',
  summary: 'huge_pages is on, and the container asks for none, so the server does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const { container, intended, name, platform, workload } = server;
    const setting = valueOf(settingOf(intended, 'huge_pages'));
    if (platform !== 'kubernetes' || container === undefined || workload?.partial !== false) return;
    if (setting === undefined || effective(intended, 'huge_pages') !== 'on') return;
    const asked = [container.resources, workload.pod.resources].flatMap(r => [
      ...Object.keys(r.limits),
      ...Object.keys(r.requests),
    ]);
    if (asked.some(resource => resource.startsWith('hugepages-'))) return;
    yield {
      at: setting.at,
      message: `${premise([setting])}huge_pages is on, and the container of the server "${name}" has no hugepages-2Mi or hugepages-1Gi, so it gets none and does not start: could not map anonymous shared memory`,
      label: 'needs huge pages',
      help: 'set huge_pages to off, or limit hugepages-2Mi to more than the shared memory on nodes that have them',
      related: [{ at: container.resources.at, message: 'asks for no huge pages' }],
      fix: settingFix(server, { huge_pages: 'off' }, text),
    };
  },
});
