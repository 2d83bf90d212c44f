/** DateStyle: a style and an order, each at most once, shown as `ISO, MDY`. */
import { bad, ok, splitIdentifiers } from './checks.ts';
import type { ParsedValue } from './values.ts';

const STYLES: readonly (readonly [RegExp, string])[] = [
  [/^iso$/i, 'ISO'],
  [/^sql$/i, 'SQL'],
  [/^postgres/i, 'Postgres'],
  [/^german$/i, 'German'],
];
const ORDERS: readonly (readonly [RegExp, string])[] = [
  [/^ymd$/i, 'YMD'],
  [/^(?:dmy$|euro)/i, 'DMY'],
  [/^(?:mdy$|us$|noneuro)/i, 'MDY'],
];

/** Reads it as at server start, where the default is `ISO, MDY`. */
export function dateStyle(value: string): ParsedValue {
  const words = splitIdentifiers(value);
  if (words === undefined) return bad(`"${value}" is no comma-separated list`);
  let style: string | undefined;
  let order: string | undefined;
  let implied = 'MDY';
  for (const word of words) {
    const newStyle = STYLES.find(([pattern]) => pattern.test(word))?.[1];
    const newOrder = ORDERS.find(([pattern]) => pattern.test(word))?.[1];
    if (newStyle === undefined && newOrder === undefined && !/^default$/i.test(word)) {
      return bad(`"${word}" is no date style (ISO, SQL, Postgres, German) and no order (YMD, DMY, MDY)`);
    }
    if ((newStyle ?? style) !== (style ?? newStyle) || (newOrder ?? order) !== (order ?? newOrder)) {
      return bad(`"${value}" holds conflicting date styles`);
    }
    style ??= newStyle;
    order ??= newOrder;
    if (newStyle === 'German') implied = 'DMY';
    // `default` after it takes the order of the server's default again.
    if (newStyle === undefined && newOrder === undefined) implied = 'MDY';
  }
  return ok(`${style ?? 'ISO'}, ${order ?? implied}`);
}
