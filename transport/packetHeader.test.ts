import assert from 'node:assert/strict';
import { forEachFuzzCase, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import { describe, expect, it } from 'vitest';
import { PacketHeader } from './packetHeader.js';

/** A version 1 Initial: ids of 8 and 4 bytes, a token of 3. */
const initial = Uint8Array.of(
  ...[0xc3, 0, 0, 0, 1],
  ...[8, 1, 2, 3, 4, 5, 6, 7, 8],
  ...[4, 9, 9, 9, 9],
  ...[3, 0xaa, 0xbb, 0xcc],
  ...[0x40, 0x10, 0, 0],
);

function read(packet: Uint8Array): PacketHeader | null {
  const header = new PacketHeader();
  return header.read(packet) ? header : null;
}

describe('PacketHeader', () => {
  it('reads ids and token of an Initial', () => {
    expect(read(initial)).toMatchObject({
      form: 'initial',
      version: 1,
      destinationOffset: 6,
      destinationBytes: 8,
      sourceOffset: 15,
      sourceBytes: 4,
      tokenOffset: 20,
      tokenBytes: 3,
    });
  });

  it('reads a token length of two bytes', () => {
    const token = new Uint8Array(300).fill(7);
    const packet = Uint8Array.of(...initial.subarray(0, 19), 0x41, 0x2c, ...token);
    expect(read(packet)).toMatchObject({ tokenOffset: 21, tokenBytes: 300 });
  });

  it('takes the id of a short packet to be 16 bytes', () => {
    expect(read(new Uint8Array(17).fill(0x41))).toMatchObject({
      form: 'short',
      destinationOffset: 1,
      destinationBytes: 16,
    });
    expect(read(new Uint8Array(16).fill(0x41))).toBe(null);
  });

  it('tells other versions and other long packets apart', () => {
    const other = initial.slice();
    other[4] = 2;
    expect(read(other)).toMatchObject({ form: 'otherVersion', version: 2 });
    other.set([0xff, 0xff, 0xff, 0xff], 1);
    expect(read(other)).toMatchObject({ form: 'otherVersion', version: 0xffffffff });
    const handshake = initial.slice();
    handshake[0] = 0xe0;
    expect(read(handshake)).toMatchObject({ form: 'otherLong', tokenBytes: 0 });
  });

  it('refuses every truncation', () => {
    for (let length = 0; length < 23; length++) {
      expect(read(initial.subarray(0, length)), `${length} bytes`).toBe(null);
    }
  });

  it('refuses ids longer than 20 bytes', () => {
    const packet = new Uint8Array(100).fill(0xc0);
    packet.set([0xc0, 0, 0, 0, 1, 21]);
    expect(read(packet)).toBe(null);
    packet[5] = 0;
    packet[6] = 21;
    expect(read(packet)).toBe(null);
  });

  it(
    'stays within the packet whatever it is given',
    () => {
      const header = new PacketHeader();
      forEachFuzzCase((random) => {
        const packet = mutateBytes(random, initial);
        if (!header.read(packet)) return;
        const { destinationOffset, destinationBytes, sourceOffset, sourceBytes } = header;
        assert(destinationOffset + destinationBytes <= packet.length);
        if (header.form === 'short') return;
        assert(sourceOffset + sourceBytes <= packet.length);
        assert(header.tokenOffset + header.tokenBytes <= packet.length);
      });
    },
    fuzzTimeoutMs(),
  );
});
