import { isIP } from 'node:net';
import { describe, expect, test } from 'vitest';
import { forEachFuzzCase } from '@rookery/schemas/testing/fuzzCases';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import {
  formatPackedAddress,
  hasPackedAddress,
  makePackedAddress,
  parsePackedAddress,
} from './packedAddress.js';

const port = 0x1234;

function parse(host: string): string | null {
  const address = makePackedAddress();
  address.bytes.fill(0xee);
  return parsePackedAddress({ host, port }, address)
    ? Buffer.from(address.bytes).toString('hex')
    : null;
}

/** Writes groups as `inet_ntop` may, shortest run of zeros or none left out. */
function ipv6Text(groups: readonly number[], gapFrom: number, gapTo: number): string {
  const text = (part: readonly number[]): string => part.map((n) => n.toString(16)).join(':');
  if (gapFrom === gapTo) return text(groups);
  return `${text(groups.slice(0, gapFrom))}::${text(groups.slice(gapTo))}`;
}

describe('an address', () => {
  test.each([
    ['127.0.0.1', '00000000000000000000ffff7f00000112340000'],
    ['255.255.255.255', '00000000000000000000ffffffffffff12340000'],
    ['::1', '0000000000000000000000000000000112340000'],
    ['::', '0000000000000000000000000000000012340000'],
    ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a12340000'],
    ['fe80::', 'fe80000000000000000000000000000012340000'],
    ['1:2:3:4:5:6:7:8', '0001000200030004000500060007000812340000'],
    ['1:2:3:4:5:6:7::', '0001000200030004000500060007000012340000'],
    ['::13.1.68.3', '0000000000000000000000000d01440312340000'],
    ['::ffff:129.144.52.38', '00000000000000000000ffff8190342612340000'],
    ['1:2:3:4:5:6:1.2.3.4', '0001000200030004000500060102030412340000'],
  ])('%s has the bytes of its socket address', (host, hex) => {
    expect(parse(host)).toBe(hex);
  });

  test.each([
    ['empty', ''],
    ['a name', 'localhost'],
    ['three parts', '1.2.3'],
    ['five parts', '1.2.3.4.5'],
    ['a part too large', '1.2.3.256'],
    ['a part left out', '1..2.3'],
    ['a leading zero', '1.2.03.4'],
    ['a dot at the end', '1.2.3.4.'],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['two gaps', '1::2::3'],
    ['a gap for nothing', '1:2:3:4::5:6:7:8'],
    ['three colons', ':::1'],
    ['a colon at the end', '1:2:3:4:5:6:7:'],
    ['a colon at the start', ':1:2:3:4:5:6:7'],
    ['five digits', '12345::'],
    ['a zone', 'fe80::1%eth0'],
    ['a quad in the middle', '::1.2.3.4:5'],
    ['a quad too late', '1:2:3:4:5:6:7:1.2.3.4'],
  ])('is refused with %s', (_what, host) => {
    expect(parse(host)).toBeNull();
  });

  test('comes back the same from every IPv4 and IPv6 address', () => {
    const random = new SeededRandom(81);
    for (let i = 0; i < 2_000; i++) {
      const groups = Array.from({ length: 8 }, () => random.below(0x1_0000));
      const gapFrom = random.below(8);
      const gapTo = gapFrom + random.below(9 - gapFrom);
      groups.fill(0, gapFrom, gapTo);
      const hosts = [ipv6Text(groups, gapFrom, gapTo), random.bytes(4).join('.')];
      for (const host of hosts) {
        const address = makePackedAddress();
        expect(parsePackedAddress({ host, port: 1 + random.below(65_535) }, address), host).toBe(
          true,
        );
        const formatted = formatPackedAddress(address)!;
        expect(isIP(formatted.host), formatted.host).not.toBe(0);
        const again = makePackedAddress();
        expect(parsePackedAddress(formatted, again)).toBe(true);
        expect(again, host).toEqual(address);
        const expected = host.includes(':') ? groups.map((n) => n.toString(16)).join(':') : host;
        expect(formatted.host).toBe(expected);
      }
    }
  });

  test('with port 0 is none', () => {
    const address = makePackedAddress();
    parsePackedAddress({ host: '127.0.0.1', port: 0 }, address);
    expect(hasPackedAddress(address.words)).toBe(false);
    expect(formatPackedAddress(address)).toBeNull();
    parsePackedAddress({ host: '127.0.0.1', port: 0x100 }, address);
    expect(hasPackedAddress(address.words)).toBe(true);
  });

  test('is refused wherever the platform refuses it', () => {
    const samples = ['192.168.17.254', '2001:db8::8:800:200c:417a', '::ffff:1.2.3.4', '1::', '::'];
    const address = makePackedAddress();
    forEachFuzzCase((random) => {
      const sample = Buffer.from(samples[random.below(samples.length)]!, 'latin1');
      const host = Buffer.from(mutateBytes(random, sample)).toString('latin1').toLowerCase();
      const isAccepted = parsePackedAddress({ host, port }, address);
      if (isAccepted && isIP(host) === 0) throw new Error(`accepted ${JSON.stringify(host)}`);
    });
  });
});
