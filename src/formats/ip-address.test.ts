import { expect, test } from 'vitest';
import { formatIpAddress, maskOf, parseIpAddress } from './ip-address.ts';

test.for<[string, string | null]>([
  ['10.0.0.1', '10.0.0.1'],
  ['10.1', '10.0.0.1'],
  ['10.1.2', '10.1.0.2'],
  ['0', '0.0.0.0'],
  ['010.0x1F.0.1', '8.31.0.1'],
  ['4294967295', '255.255.255.255'],
  ['4294967296', null],
  ['256.0.0.1', null],
  ['1.2.3.256', null],
  ['09.0.0.1', null],
  ['1.2.3.4.5', null],
  ['1.2.3.', null],
  ['', null],
  ['*', null],
  ['::', '::'],
  ['::1', '::1'],
  ['2001:DB8:0:0:1::', '2001:db8:0:0:1::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['::ffff:a00:1', '::ffff:10.0.0.1'],
  ['::10.0.0.1', '::10.0.0.1'],
  ['fe80::1%1', 'fe80::1'],
  ['1:2:3:4:5:6:7', null],
  ['1:2:3:4:5:6:7:8:9', null],
  ['1::2::3', null],
  [':::', null],
  ['12345::', null],
  ['::1.2.3', null],
])('%s', ([text, expected]) => {
  const bytes = parseIpAddress(text);
  expect(bytes === undefined ? null : formatIpAddress(bytes)).toBe(expected);
});

test('masks', () => {
  expect([0, 1, 8, 23, 32].map(bits => formatIpAddress(maskOf(4, bits)))).toEqual([
    '0.0.0.0',
    '128.0.0.0',
    '255.0.0.0',
    '255.255.254.0',
    '255.255.255.255',
  ]);
  expect(formatIpAddress(maskOf(16, 65))).toBe('ffff:ffff:ffff:ffff:8000::');
});
