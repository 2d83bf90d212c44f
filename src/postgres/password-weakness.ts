/** Why a password can be guessed, in words that do not repeat it. */
import { isWeakPassword, shortestPassword } from '../secrets.ts';

export interface Weakness {
  /** What is wrong with it: `is the name of its user`. */
  readonly fault: string;
  readonly consequence: string;
  /** It has no pattern that is tried first, and is merely short. */
  readonly merelyShort: boolean;
}

/** The weakness of a password; undefined where it has none that shows. */
export function passwordWeakness(password: string, user: string | undefined): Weakness | undefined {
  const text = password.trim();
  if (!isWeakPassword(text, user)) return undefined;
  const first = { consequence: 'is among the first that anybody tries', merelyShort: false };
  if (user !== undefined && text.toLowerCase() === user.toLowerCase())
    return { fault: 'is the name of its user', ...first };
  if (text.length >= shortestPassword) return { fault: 'is one of the most usual', ...first };
  if (/^(?:[A-Za-z]+[\W_]?\d{0,4}[!?.]?|\d+)$/.test(text)) return { fault: 'is a short word or number', ...first };
  return {
    fault: `has fewer than ${shortestPassword} characters`,
    consequence: 'can be found by trying once a hash or the port gets out',
    merelyShort: true,
  };
}
