/** All of the program behind `--version`: one module, so that it is one file of the bundle and loads at once. */
export { areas, rules } from '../rules/index.ts';
export { main } from './commands/main.ts';
