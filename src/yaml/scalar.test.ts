import { describe, expect, test } from 'vitest';
import type { ScalarValue } from './node.ts';
import { jsonKey, jsonValue, resolvePlain, resolveTagged } from './scalar.ts';

// Whether these tables are kubectl's is what kubectl.test.ts asks it.
describe('plain scalars', () => {
  test.for<readonly [string, ScalarValue]>([
    ['y', true],
    ['Yes', true],
    ['ON', true],
    ['True', true],
    ['n', false],
    ['No', false],
    ['off', false],
    ['FALSE', false],
    ['oN', 'oN'],
    ['yEs', 'yEs'],
    ['t', 't'],
    ['nope', 'nope'],
    ['', null],
    ['~', null],
    ['null', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['0', 0],
    ['-0', 0],
    ['+1', 1],
    ['010', 8],
    ['0o17', 15],
    ['0O17', 15],
    ['08', 8],
    ['0o8', '0o8'],
    ['0x1F', 31],
    ['-0x10', -16],
    ['0xG', '0xG'],
    ['0b11', 3],
    ['-0b11', -3],
    ['0b12', '0b12'],
    ['1_000', 1000],
    ['1_000.5', 1000.5],
    ['_1', '_1'],
    ['1:30', '1:30'],
    ['12:30:45', '12:30:45'],
    ['.5', 0.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1.5e-3', 0.0015],
    ['1e400', '1e400'],
    ['.5_0', 0.5],
    ['._5', '._5'],
    ['.', '.'],
    ['..', '..'],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.INF', Number.NEGATIVE_INFINITY],
    ['.iNF', '.iNF'],
    ['.nan', Number.NaN],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551616', 18446744073709551616],
    ['-9223372036854775809', -(2 ** 63)],
    ['0xfffffffffffffffff', '0xfffffffffffffffff'],
    ['2001-01-01', '2001-01-01'],
    ['1.2.3', '1.2.3'],
    ['100m', '100m'],
    ['-', '-'],
    ['<<', '<<'],
    ['=', '='],
  ])('%s is %s', ([text, value]) => expect(resolvePlain(text)).toEqual(value));
});

describe('tags', () => {
  test.for<readonly [string, string, ScalarValue]>([
    ['!!str', '5', '5'],
    ['!!int', '010', 8],
    ['!<tag:yaml.org,2002:int>', '7', 7],
    ['!!float', '3', 3],
    ['!!float', '.5', 0.5],
    ['!!bool', 'yes', true],
    ['!!null', '', null],
    ['!!binary', 'aGk=', 'hi'],
    ['!!binary', 'aG\nk=', 'hi'],
    ['!!timestamp', '2001-01-01', '2001-01-01'],
    ['!vault', 'on', 'on'],
    ['!', '5', '5'],
    ['!!set', '5', '5'],
  ])('%s %s is %s', ([tag, text, value]) => expect(resolveTagged(tag, text)).toEqual({ value }));

  test.for([
    ['!!int', '1.0'],
    ['!!int', '08'],
    ['!!int', 'x'],
    ['!!int', ''],
    ['!!float', 'x'],
    ['!!bool', '1'],
    ['!!null', 'x'],
    ['!!binary', 'aGk'],
    ['!!timestamp', 'x'],
  ] as const)('%s %j is refused, and the text is not repeated', ([tag, text]) => {
    expect(resolveTagged(tag, text)).toEqual({ refusal: `this is no ${tag}` });
  });
});

describe('JSON', () => {
  test.for<readonly [string, string]>([
    ['y', 'true'],
    ['010', '8'],
    ['1.50', '1.5'],
    ['1e3', '1000'],
    ['1e5', '100000'],
    ['1e6', '1e+06'],
    ['1000000', '1000000'],
    ['1000000.5', '1.0000005e+06'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['-0.0', '-0'],
    ['.inf', '.inf'],
    ['3.4e39', '.inf'],
    ['.nan', '.nan'],
    ['16777217.5', '1.6777218e+07'],
    ['text', 'text'],
    ['9223372036854775807', '9223372036854775807'],
  ])('the key %s is %j', ([text, key]) => expect(jsonKey(resolvePlain(text), text)).toEqual({ value: key }));

  test('null and what no 63 bits hold are no keys', () => {
    expect(jsonKey(null, '~')).toHaveProperty('refusal');
    expect(jsonKey(18446744073709551615n, '18446744073709551615')).toHaveProperty('refusal');
  });

  test('values are those of the API server', () => {
    expect(jsonValue(9223372036854775807n)).toEqual({ value: 9223372036854775807n });
    expect(jsonValue(18446744073709551615n)).toEqual({ value: 18446744073709552000 });
    expect(jsonValue(Number.NaN)).toHaveProperty('refusal');
    expect(jsonValue('x')).toEqual({ value: 'x' });
  });
});
