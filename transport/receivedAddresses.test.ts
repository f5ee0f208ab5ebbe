import { SocketAddress } from 'node:net';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, test } from 'vitest';
import { makePackedAddress, parsePackedAddress } from './packedAddress.js';
import { ReceivedAddresses } from './receivedAddresses.js';

function pack(host: string, port: number): Int32Array {
  const address = makePackedAddress();
  if (!parsePackedAddress({ host, port }, address)) throw new Error(`${host} is no address`);
  return address.words;
}

describe('addresses of received packets', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ])('%s is written as %s', (host, expected) => {
    expect(new ReceivedAddresses().of(pack(host, 4640))).toEqual({ host: expected, port: 4640 });
  });

  test('are kept, so that the same one is the same object', () => {
    const addresses = new ReceivedAddresses();
    const first = addresses.of(pack('192.0.2.1', 7));
    expect(addresses.of(pack('192.0.2.1', 7))).toBe(first);
    expect(addresses.of(pack('192.0.2.1', 8))).toEqual({ host: '192.0.2.1', port: 8 });
    expect(addresses.of(pack('192.0.2.2', 7))).toEqual({ host: '192.0.2.2', port: 7 });
  });

  test('are right for many more peers than are kept, again and again', () => {
    const addresses = new ReceivedAddresses();
    const seed = 17;
    const random = new SeededRandom(seed);
    for (let i = 0; i < 10_000; i++) {
      const port = 1 + random.below(65_535);
      // Few bits, so that some come again.
      const last = random.below(4);
      const v4 = `10.${random.below(256)}.${random.below(256)}.${last}`;
      expect(addresses.of(pack(v4, port)), `seed ${seed}`).toEqual({ host: v4, port });
      const v6 = `fd00:0:${random.below(3)}:0:${random.below(65_536).toString(16)}:0:0:${last}`;
      const { address } = new SocketAddress({ address: v6, family: 'ipv6' });
      expect(addresses.of(pack(v6, port)), `seed ${seed}`).toEqual({ host: address, port });
    }
  });

  test('are none without a port', () => {
    expect(new ReceivedAddresses().of(pack('192.0.2.1', 0))).toBeNull();
  });
});
