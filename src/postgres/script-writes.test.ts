import { expect, test } from 'vitest';
import { parseShell } from '../formats/shell.ts';
import type { Container } from '../kubernetes/workload.ts';
import type { Script } from '../scripts.ts';
import { locate, wholeSource } from '../text-region.ts';
import { writesTo } from './script-writes.ts';

// The container plays no part here.
const script = (text: string): Script => ({
  role: 'init',
  region: wholeSource({ path: 'a.sh', text }),
  shell: parseShell(text),
  container: {} as Container,
});

const writes = (text: string) =>
  writesTo(script(text), 'pg_hba.conf').map(w => [w.append ? '>>' : '>', w.text?.text ?? null]);

test.for([
  ['echo "host all all all md5" >> "$PGDATA/pg_hba.conf"', [['>>', 'host all all all md5']]],
  ["echo 'local all all peer' > /data/pg_hba.conf", [['>', 'local all all peer']]],
  ['printf "host all all all md5" >> pg_hba.conf', [['>>', 'host all all all md5']]],
  ['cat >> $PGDATA/pg_hba.conf <<EOF\nhost a b c md5\nEOF\n', [['>>', 'host a b c md5\n']]],
  ['tee -a "$PGDATA/pg_hba.conf" <<EOF\nhost a b c md5\nEOF\n', [['>>', 'host a b c md5\n']]],
  ['echo "host all all $NET md5" >> pg_hba.conf', [['>>', 'host all all $NET md5']]],
  // What is written does not stand here word for word.
  ['echo -e "host all all\\tall md5" >> pg_hba.conf', [['>>', null]]],
  ['echo host all all all md5 >> pg_hba.conf', [['>>', null]]],
  ['sed "s/md5/trust/" a > pg_hba.conf', [['>', null]]],
  // Other files, and reading.
  ['echo x >> postgresql.conf', []],
  ['grep -q trust "$PGDATA/pg_hba.conf" 2> /dev/null', []],
  ['cp pg_hba.conf /tmp/', []],
] as const)('%j writes %j', ([text, expected]) => {
  expect(writes(text)).toEqual(expected);
});

test('the text lies where it stands', () => {
  const text = 'set -e\necho "host all all all trust" >> "$PGDATA/pg_hba.conf"\n';
  const [write] = writesTo(script(text), 'pg_hba.conf');
  const at = write?.text && locate(write.text, 'host all all all '.length, 'host all all all trust'.length);
  expect(at && text.slice(at.start, at.end)).toBe('trust');
});
