/** The workflow that `tusklint init --workflow` writes. */

/** The workflow's text. `branch` is the default branch, `version` that of tusklint: its major has a tag that moves. */
export function workflowText(branch: string, version: string): string {
  return `name: tusklint

on:
  # No filter by paths: a check that is required and does not run would never let a pull request be merged.
  pull_request:
  merge_group:
  push:
    branches: [${branchPattern(branch)}]

permissions:
  contents: read

jobs:
  tusklint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: tusklint/tusklint@v${version.split('.')[0] ?? version}
        # To have findings on the lines of the pull request, with suggestions, add this, and above the permission
        # "pull-requests: write":
        # with:
        #   report: annotations, summary, review
`;
}

/** A branch as a pattern of a workflow that matches nothing else. */
const branchPattern = (branch: string): string =>
  /^[A-Za-z][\w./-]*$/.test(branch) ? branch : `'${branch.replace(/[\\*+?![\]]/g, '\\$&').replaceAll("'", "''")}'`;

/** Whether a workflow runs the Action already. */
export const runsAction = (text: string): boolean => /^\s*(?:-\s+)?uses:\s*["']?[\w.-]+\/tusklint@/m.test(text);
