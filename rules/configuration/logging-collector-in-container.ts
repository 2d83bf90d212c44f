import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { isWithin } from '../../src/kubernetes/mounts.ts';
import { effective, settingOf } from '../../src/postgres/settings.ts';
import { onceLoaded } from '../../src/postgres/wording.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'logging-collector-in-container',
  summary: 'The log goes into files inside the container, where neither kubectl logs nor a log collector sees it.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const { intended, platform, name, container, workload, dataVolume } = server;
    const collector = settingOf(intended, 'logging_collector');
    if (platform === 'file' || collector.state !== 'known' || collector.value.origin === 'operator') return;
    if (effective(intended, 'logging_collector') !== true) return;
    const directory = effective(intended, 'log_directory');
    const data = valueOf(server.dataDirectory);
    if (typeof directory !== 'string' || data === undefined || /^\/(?:dev|proc)\//.test(directory)) return;
    const inData = !directory.startsWith('/') || isWithin(directory, data);
    if (!inData && container?.mounts.some(m => isWithin(directory, m.path))) return;
    // Another container of the pod reads them.
    const volume = dataVolume.mount?.volume;
    if (
      workload?.pod.containers.some(
        c => c !== container && c.role !== 'init' && c.mounts.some(m => m.volume === volume),
      )
    )
      return;
    const file = effective(intended, 'log_filename');
    const forever = typeof file === 'string' && /%[YsS]/.test(file);
    const command = platform === 'kubernetes' ? 'kubectl logs' : 'docker logs';
    const place = inData
      ? `beside the data (${directory.startsWith('/') ? directory : `${data}/${directory}`})`
      : `into ${directory}, which goes with the container`;
    yield {
      at: collector.at,
      message: `the log of the server "${name}" goes ${place}: "${command}" shows nothing of it${forever ? `, and no file is ever reused (${file})` : ''}${onceLoaded(collector.value)}`,
      label: 'logs into files',
      help: 'set logging_collector = off, so that the log goes to standard error',
      fix: fix({ title: 'logging_collector = off', applicability: 'unsafe' }, setValue(text, collector.value, 'off')),
    };
  },
});
