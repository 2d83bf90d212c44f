/** The `tusklint.yaml` that `tusklint init` writes: it means the defaults, and says what else could stand there. */
import type { Proposals } from './proposals.ts';

/** Examples that are shown where the repository suggests nothing of its own. */
const examples: Proposals = { external: ['Secret/orders-db'], images: ['registry.example/db/*'] };

/** The text of the file. All keys but `preset` are comments; without the `# ` before them it is valid as well. */
export function configurationText({ external, images }: Proposals, version: string): string {
  return `# yaml-language-server: $schema=https://raw.githubusercontent.com/tusklint/tusklint/v${version}/schemas/config.schema.json
#
# The configuration of tusklint. All of it is optional: what is commented out is an example, or a proposal.
# \`tusklint rules\` lists the rules, \`tusklint explain RULE\` prints what one finds and which options it has.

# Which rules run: recommended, or strict, which adds hardening and advice.
preset: recommended

# How a rule weighs (off, error, warning or info), and its options.
# rules:
#   image-latest: off
#   termination-grace-short:
#     severity: error
#     options:
#       minimum: 120

# Other weights for some paths. Later ones win; a folder stands for all below it.
# overrides:
#   - files: ["dev/**"]
#     rules:
#       image-latest: off

# Which paths are read: without these all that git does not ignore.
# include: ["clusters/**"]
# exclude: ["vendor/**"]

# Objects that are in the cluster and not in this repository, as Kind/name, with * for any text.${
    external.length === 0
      ? ''
      : `
# These are needed here, and the repository does not have them: keep those that the cluster has from elsewhere.`
  }
# external:
${list(external.length === 0 ? examples.external : external, name => `- ${name}`)}

# What private images hold, by name without the tag, with * for any text.${
    images.length === 0
      ? ''
      : `
# These run PostgreSQL, and their names do not tell more: say which make and major they are.`
  }
# images:
${list(images.length === 0 ? examples.images : images, name => `${name}: { family: official, major: 17 }`)}

# The major version of PostgreSQL to judge by where no image tells.
# pgVersion: 17

# Which paths go to one API server, where the folders do not tell by themselves.
# environments:
#   production: ["clusters/production/**"]
#   staging: ["clusters/staging/**"]
`;
}

const list = (names: readonly string[], item: (name: string) => string): string =>
  names.map(name => `#   ${item(name)}`).join('\n');
