/** Numeric IP addresses as the C library's getaddrinfo reads and prints them. */

/** Bytes in network order: 4 for IPv4, 16 for IPv6. */
export type IpBytes = readonly number[];

/**
 * The bytes of a numeric address; undefined for anything else, which PostgreSQL takes for a host name.
 * IPv4 follows `inet_aton`: fewer than four numbers, octal and hexadecimal ones are addresses too.
 */
export function parseIpAddress(text: string): IpBytes | undefined {
  return parseIpv4(text) ?? parseIpv6(text.replace(/%\d+$/, ''));
}

function parseIpv4(text: string): IpBytes | undefined {
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  const numbers = parts.map(parseNumber);
  const last = numbers.pop();
  const room = 256 ** (4 - numbers.length);
  if (last === undefined || last >= room) return undefined;
  const bytes: number[] = [];
  for (const number of numbers) {
    if (number === undefined || number > 255) return undefined;
    bytes.push(number);
  }
  for (let shift = room / 256; shift >= 1; shift /= 256) bytes.push(Math.floor(last / shift) % 256);
  return bytes;
}

function parseNumber(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

function parseIpv6(text: string): IpBytes | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = parseGroups(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  const gap = 16 - head.length - tail.length;
  return gap >= 2 ? [...head, ...Array<number>(gap).fill(0), ...tail] : undefined;
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (mayEndInIpv4 && index === groups.length - 1 && group.includes('.')) {
      if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(group)) return undefined;
      const ipv4 = parseIpv4(group);
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes.length <= 16 ? bytes : undefined;
}

/** The bytes of the mask with the leading `bits` set. */
export function maskOf(length: number, bits: number): IpBytes {
  return Array.from({ length }, (_, index) => {
    const set = Math.min(8, Math.max(0, bits - index * 8));
    return 256 - 2 ** (8 - set);
  });
}

/** As `inet_ntop` prints it. */
export function formatIpAddress(bytes: IpBytes): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0));
  const zeros = longestZeros(words);
  const mapped = zeros.start === 0 && (zeros.length === 6 || (zeros.length === 5 && words[5] === 0xffff));
  const hex = words.slice(0, mapped ? 6 : 8).map(word => word.toString(16));
  const tail = mapped ? [bytes.slice(12).join('.')] : [];
  if (zeros.length < 2) return [...hex, ...tail].join(':');
  const before = hex.slice(0, zeros.start).join(':');
  const after = [...hex.slice(zeros.start + zeros.length), ...tail].join(':');
  return `${before}::${after}`;
}

function longestZeros(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: -1, length: 0 };
  let start = 0;
  for (const [index, word] of words.entries()) {
    if (word !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
