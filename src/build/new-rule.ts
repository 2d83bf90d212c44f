/** `npm run new-rule AREA/ID` writes a rule and its page from a template. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const [, area, id] = /^([a-z-]+)\/([a-z0-9-]+)$/.exec(process.argv[2] ?? '') ?? [];
if (area === undefined || id === undefined) {
  console.error('usage: npm run new-rule AREA/ID, both in lower-case-with-dashes');
  process.exitCode = 2;
} else if (existsSync(`rules/${area}/${id}.ts`)) {
  console.error(`rules/${area}/${id}.ts is already there`);
  process.exitCode = 2;
} else {
  mkdirSync(`rules/${area}`, { recursive: true });
  writeFileSync(`rules/${area}/${id}.ts`, ruleTemplate(id));
  writeFileSync(`rules/${area}/${id}.md`, pageTemplate(id));
  console.log(`rules/${area}/${id}.ts and ${id}.md are written: fill them in, then \`npm run gen ${area}/${id}\``);
}

function ruleTemplate(id: string): string {
  return `import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: '${id}',
  summary: 'One sentence that says what is wrong, with a full stop.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const limit = valueOf(server.memoryLimit);
    if (limit === undefined) return;
    yield {
      at: server.at,
      message: \`the server "\${server.name}" … , so …\`,
      help: 'say what to do',
    };
  },
});
`;
}

function pageTemplate(id: string): string {
  return `# ${id}

What it finds, and why that breaks something.

\`\`\`yaml bad
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders
\`\`\`

\`\`\`text
\`\`\`

What is right instead:

\`\`\`yaml good
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders
\`\`\`

## When not to use it

## Sources

- [Title of the page](https://www.postgresql.org/docs/current/)
`;
}
