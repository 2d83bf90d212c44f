/** Why a password can be guessed, in words that do not give it away. */
import { isWeakPassword, shortestPassword } from '../secrets.ts';

export interface Weakness {
  /** What is wrong with it: `is a usual one`. */
  readonly fault: string;
  readonly consequence: string;
  /** It has no pattern that is tried first, and is merely short. */
  readonly merelyShort: boolean;
}

/** The weakness of a password; undefined where it has none that shows. */
export function passwordWeakness(password: string, user: string | undefined): Weakness | undefined {
  const text = password.trim();
  if (!isWeakPassword(text, user)) return undefined;
  const isUser = user !== undefined && text.toLowerCase() === user.toLowerCase();
  // One wording for all that is guessed at once: to say which it is would give it away.
  if (isUser || text.length >= shortestPassword || /^(?:[A-Za-z]+[\W_]?\d{0,4}[!?.]?|\d+)$/.test(text))
    return { fault: 'is a usual one', consequence: 'is among the first that anybody tries', merelyShort: false };
  return {
    fault: `has fewer than ${shortestPassword} characters`,
    consequence: 'can be found by trying once a hash or the port gets out',
    merelyShort: true,
  };
}
