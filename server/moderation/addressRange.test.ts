import { describe, expect, test } from 'vitest';
import {
  customerRange,
  formatAddressRange,
  isInRange,
  isOwnMachine,
  parseAddress,
  parseAddressRange,
  rangeKey,
  type AddressRange,
} from './addressRange.js';

function parsed(text: string): AddressRange {
  const range = parseAddressRange(text);
  if (typeof range === 'string') throw new Error(range);
  return range;
}

describe('a range of addresses', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['10.255.0.0/9', '10.128.0.0/9'],
    ['10.1.2.3/32', '10.1.2.3'],
    ['2001:DB8::/48', '2001:db8::/48'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6'],
    ['2001:db8:ffff:ffff::1/33', '2001:db8:8000::/33'],
    ['::1', '::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
  ])('%s is written %s, and means the same then', (text, shown) => {
    expect(formatAddressRange(parsed(text))).toBe(shown);
    expect(rangeKey(parsed(shown))).toBe(rangeKey(parsed(text)));
  });

  test.each(['', 'host', '192.0.2', '192.0.2.7/33', '192.0.2.7/x', '1.2.3.4/24/1', '::/129'])(
    'is not %j',
    (text) => {
      expect(parseAddressRange(text)).toBeTypeOf('string');
    },
  );

  test.each(['0.0.0.0/0', '10.0.0.0/7', '::/0', '2000::/15'])(
    'is not as wide as %s, which would keep everybody away',
    (text) => {
      expect(parseAddressRange(text)).toContain('too wide');
    },
  );

  test('holds the addresses that begin with its bits, and no others', () => {
    const range = parsed('192.0.2.128/25');
    const isIn = (host: string): boolean => isInRange(host, range);
    expect(['192.0.2.128', '192.0.2.255', '::ffff:192.0.2.130'].map(isIn)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['192.0.2.127', '192.0.3.128', '2001:db8::1'].some(isIn)).toBe(false);
  });
});

test('of somebody who comes by IPv6 all addresses are meant that the network gave them', () => {
  expect(formatAddressRange(customerRange('2001:db8::5%eth0')!)).toBe('2001:db8::/64');
  expect(formatAddressRange(customerRange('192.0.2.7')!)).toBe('192.0.2.7');
  expect(customerRange('')).toBeNull();
});

test('knows the machine itself', () => {
  const isOwn = (host: string): boolean => isOwnMachine(parseAddress(host)!);
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].every(isOwn)).toBe(true);
  expect(['127.0.0.2', '::2', '10.0.0.1'].some(isOwn)).toBe(false);
});
