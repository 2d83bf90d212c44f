import { fix } from '../../src/fix/edits.ts';
import { removeLine } from '../../src/fix/line-edits.ts';
import { credentialsOf } from '../../src/postgres/credentials.ts';
import { wholeSource } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-in-image',
  summary: 'A Dockerfile writes a password into the image.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment, { text }) {
    for (const { holder, name, at, user, placeholder } of credentialsOf(environment)) {
      if (holder !== 'image') continue;
      const source = text(at.path) ?? '';
      const line = source.slice(source.lastIndexOf('\n', at.start - 1) + 1, at.start);
      const alone = new RegExp(`^\\s*ENV\\s+${name}[\\s=]+["']?$`, 'i').test(line);
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: `${name} is written into the image, so everybody who can pull it can log in${user === undefined ? '' : ` as "${user}"`} wherever it was initialised with it`,
        label: placeholder ? 'a placeholder' : 'stays in a layer of the image',
        help: 'leave it out, and give it when the container starts: by a Secret, or POSTGRES_PASSWORD_FILE',
        fix: alone
          ? fix(
              { title: `leave ${name} to whoever runs the image`, applicability: 'unsafe' },
              removeLine(text, wholeSource({ path: at.path, text: source }), at.start),
            )
          : undefined,
      };
    }
  },
});
