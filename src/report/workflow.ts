/**
 * The command language of GitHub's runner, which reads every line that a step prints. A line is a command when it begins
 * with `::`, blanks before it left out, or when it holds `##[` anywhere.
 */

/** `%`, CR and LF as the toolkit escapes them in the text of a command. */
export function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The same in a property, where `:` and `,` have a meaning too. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** One command; properties that are undefined are left out. */
export function command(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  text: string,
): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${commandProperty(String(value))}`],
  );
  return `::${name}${given.length === 0 ? '' : ` ${given.join(',')}`}::${commandData(text)}`;
}

/**
 * Text that the runner takes for text: commands are off while it is printed. `token` turns them on again, so nobody may
 * be able to guess it.
 */
export function quoted(text: string, token: string): string {
  return `::stop-commands::${token}\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}::${token}::\n`;
}

/** Lines that no runner takes for a command, whoever prints them: the signs that would make one look like themselves only. */
export function inert(text: string): string {
  return text.replace(/^(\s*)::/gm, '$1\u2237').replaceAll('##[', '##\u2772');
}
