import sodium from 'sodium-native';
import { describe, expect, test } from 'vitest';
import { forEachFuzzCase } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import { SeededRandom } from './testing/seededRandom.js';
import { checkHopTag, openFrame, sealFrame, writeHopTag } from './voiceCrypto.js';
import { voiceHeaderBytes, voicePacketBytesMax, whisperHeaderBytes } from './voicePacket.js';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

function sealedPacket(random: SeededRandom, key: Uint8Array, payloadBytes: number): Uint8Array {
  const packet = random.bytes(voiceHeaderBytes + payloadBytes + 16);
  expect(sealFrame(packet, payloadBytes, key)).toBe(packet.length);
  return packet;
}

describe('sealFrame and openFrame', () => {
  test('open what RFC 8439 sealed (appendix A.5)', () => {
    // The RFC's associated data is no header of ours, so its vector tests the primitive alone …
    const key = hex('1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0');
    const nonce = hex('000000000102030405060708');
    const associatedData = hex('f33388860000000000004e91');
    const sealed = hex(
      '64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2' +
        '4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf' +
        '332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855' +
        '9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4' +
        'b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e' +
        'af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a' +
        '0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10' +
        '49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29' +
        'a6ad5cb4022b02709b' +
        'eead9d67890cbb22392336fea1851f38',
    );
    const plain = new Uint8Array(sealed.length - 16);
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
      plain,
      null,
      sealed,
      associatedData,
      nonce,
      key,
    );
    expect(Buffer.from(plain).toString('latin1')).toMatch(/^Internet-Drafts are draft documents/);
  });

  test('use the first 12 bytes as nonce and the header as associated data', () => {
    // … and here the primitive tells what a sealed packet must be.
    const random = new SeededRandom(11);
    const key = random.bytes(32);
    const packet = random.bytes(16 + 100 + 16);
    const expected = new Uint8Array(116);
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
      expected,
      packet.subarray(16, 116),
      packet.slice(0, 16),
      null,
      packet.slice(0, 12),
      key,
    );
    const header = packet.slice(0, 16);
    sealFrame(packet, 100, key);
    expect(packet.subarray(0, 16)).toEqual(header);
    expect(packet.subarray(16)).toEqual(expected);
  });

  test('authenticate the list of a whisper too, and leave it readable', () => {
    const random = new SeededRandom(14);
    const key = random.bytes(32);
    const packet = random.bytes(whisperHeaderBytes + 100 + 16);
    const before = packet.slice();
    expect(sealFrame(packet, 100, key, whisperHeaderBytes)).toBe(packet.length);
    expect(packet.subarray(0, whisperHeaderBytes)).toEqual(before.subarray(0, whisperHeaderBytes));
    const out = new Uint8Array(100);
    expect(openFrame(packet, packet.length, key, out, whisperHeaderBytes)).toBe(100);
    expect(out).toEqual(before.subarray(whisperHeaderBytes, whisperHeaderBytes + 100));
    expect(openFrame(packet, packet.length, key, new Uint8Array(104))).toBe(-1);
    packet[whisperHeaderBytes - 1]! ^= 1;
    expect(openFrame(packet, packet.length, key, out, whisperHeaderBytes)).toBe(-1);
  });

  test('give the payload back, of any length', () => {
    const random = new SeededRandom(12);
    const key = random.bytes(32);
    const out = new Uint8Array(voicePacketBytesMax);
    for (const payloadBytes of [0, 1, 15, 16, 17, 100, voicePacketBytesMax - 40]) {
      const packet = random.bytes(16 + payloadBytes + 16);
      const plain = packet.slice(16, 16 + payloadBytes);
      sealFrame(packet, payloadBytes, key);
      expect(openFrame(packet, packet.length, key, out)).toBe(payloadBytes);
      expect(out.subarray(0, payloadBytes)).toEqual(plain);
    }
  });

  test('refuse another key, and lengths that no packet has', () => {
    const random = new SeededRandom(13);
    const key = random.bytes(32);
    const packet = sealedPacket(random, key, 80);
    const out = new Uint8Array(voicePacketBytesMax);
    expect(openFrame(packet, packet.length, random.bytes(32), out)).toBe(-1);
    for (const length of [0, 15, 31]) expect(openFrame(packet, length, key, out)).toBe(-1);
    const long = new Uint8Array(voicePacketBytesMax + 1);
    expect(openFrame(long, long.length, key, new Uint8Array(2_000))).toBe(-1);
  });

  test('throw for a mistake of the caller instead of calling the packet forged', () => {
    const random = new SeededRandom(14);
    const key = random.bytes(32);
    const packet = sealedPacket(random, key, 80);
    const out = new Uint8Array(80);
    expect(() => openFrame(packet, packet.length, key.subarray(1), out)).toThrow(RangeError);
    expect(() => openFrame(packet, packet.length, key, out.subarray(1))).toThrow(RangeError);
    expect(() => openFrame(packet, packet.length + 1, key, new Uint8Array(99))).toThrow(RangeError);
  });

  test('refuse every damaged packet', () => {
    const key = new SeededRandom(15).bytes(32);
    const out = new Uint8Array(voicePacketBytesMax + 192);
    forEachFuzzCase((random) => {
      const packet = sealedPacket(random, key, random.below(60));
      const damaged = mutateBytes(random, packet);
      const isSame = Buffer.compare(damaged, packet) === 0;
      const opened = openFrame(damaged, damaged.length, key, out);
      if (!isSame && opened !== -1)
        throw new Error(`opened ${Buffer.from(damaged).toString('hex')}`);
    });
  });
});

describe('hop tag', () => {
  test('is SipHash-2-4 of everything before it, little-endian', () => {
    const packet = new Uint8Array(15 + 8).map((_value, index) => index);
    const key = new Uint8Array(16).map((_value, index) => index);
    expect(writeHopTag(packet, 15, key)).toBe(23);
    expect(Buffer.from(packet.subarray(15)).toString('hex')).toBe('e545be4961ca29a1');
    expect(checkHopTag(packet, 23, key)).toBe(true);
  });

  test('is refused under another key or in a packet shorter than itself', () => {
    const random = new SeededRandom(16);
    const key = random.bytes(16);
    const packet = random.bytes(108);
    writeHopTag(packet, 100, key);
    expect(checkHopTag(packet, 108, random.bytes(16))).toBe(false);
    for (let length = 0; length < 8; length++) expect(checkHopTag(packet, length, key)).toBe(false);
  });

  test('is refused in every damaged packet', () => {
    const key = new SeededRandom(17).bytes(16);
    forEachFuzzCase((random) => {
      const packet = random.bytes(8 + random.below(120));
      writeHopTag(packet, packet.length - 8, key);
      if (!checkHopTag(packet, packet.length, key)) throw new Error('own tag refused');
      const damaged = mutateBytes(random, packet);
      const isSame = Buffer.compare(damaged, packet) === 0;
      if (!isSame && checkHopTag(damaged, damaged.length, key)) {
        throw new Error(`accepted ${Buffer.from(damaged).toString('hex')}`);
      }
    });
  });

  test('is refused wherever one bit of it differs', () => {
    const random = new SeededRandom(18);
    const key = random.bytes(16);
    const packet = random.bytes(48);
    writeHopTag(packet, 40, key);
    for (let bit = 0; bit < 64; bit++) {
      packet[40 + (bit >>> 3)]! ^= 1 << (bit & 7);
      expect(checkHopTag(packet, 48, key)).toBe(false);
      packet[40 + (bit >>> 3)]! ^= 1 << (bit & 7);
    }
  });
});
