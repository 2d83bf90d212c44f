/** What went wrong for a reason that the user can mend. */

/** One line for a person that says what and where; a command prints it alone and exits with 2. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
