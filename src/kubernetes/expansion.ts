/** `$(VAR)` in commands, arguments and values, as the kubelet expands it. */

/** Replaces `$(NAME)` by what `resolve` gives; where that is undefined the text stays. `$$` becomes `$`. */
export function expandVariables(text: string, resolve: (name: string) => string | undefined): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (resolve(name) ?? whole),
  );
}

/** The names that a text refers to by `$(NAME)`. */
export function referencedVariables(text: string): readonly string[] {
  return [...text.matchAll(/\$\$|\$\(([^)]*)\)/g)].flatMap(match => (match[1] === undefined ? [] : [match[1]]));
}
