/** Character sets that client_encoding takes, in the many spellings that it takes them. */

/** The server's own names, and which spellings lead to them beside their own. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  SQL_ASCII: [],
  EUC_JP: [],
  EUC_CN: [],
  EUC_KR: [],
  EUC_TW: [],
  EUC_JIS_2004: [],
  UTF8: ['unicode'],
  MULE_INTERNAL: [],
  LATIN1: ['iso88591'],
  LATIN2: ['iso88592'],
  LATIN3: ['iso88593'],
  LATIN4: ['iso88594'],
  LATIN5: ['iso88599'],
  LATIN6: ['iso885910'],
  LATIN7: ['iso885913'],
  LATIN8: ['iso885914'],
  LATIN9: ['iso885915'],
  LATIN10: ['iso885916'],
  ISO_8859_5: [],
  ISO_8859_6: [],
  ISO_8859_7: [],
  ISO_8859_8: [],
  KOI8R: ['koi8'],
  KOI8U: [],
  WIN866: ['alt', 'windows866'],
  WIN874: ['windows874'],
  WIN1250: ['windows1250'],
  WIN1251: ['win', 'windows1251'],
  WIN1252: ['windows1252'],
  WIN1253: ['windows1253'],
  WIN1254: ['windows1254'],
  WIN1255: ['windows1255'],
  WIN1256: ['windows1256'],
  WIN1257: ['windows1257'],
  WIN1258: ['abc', 'tcvn', 'tcvn5712', 'vscii', 'windows1258'],
  SJIS: ['mskanji', 'shiftjis', 'win932', 'windows932'],
  SHIFT_JIS_2004: [],
  BIG5: ['win950', 'windows950'],
  GBK: ['win936', 'windows936'],
  UHC: ['win949', 'windows949'],
  GB18030: [],
  JOHAB: [],
};

const bare = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
const BY_SPELLING: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([name, others]) => [bare(name), ...others].map(s => [s, name] as const)),
);

/** The server's name of an encoding, whatever its case and punctuation; undefined for none that it knows. */
export function encodingName(text: string): string | undefined {
  return text.length < 64 ? BY_SPELLING.get(bare(text)) : undefined;
}
