import { describe, expect, test } from 'vitest';
import type { SeededRandom } from './testing/seededRandom.js';
import { forEachFuzzCase } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import type { VoiceHeader } from './voicePacket.js';
import {
  bundleLengthBytes,
  makeToken,
  pongBytes,
  readBundledLength,
  readCounter,
  readEndOfSpurt,
  readEpoch,
  readKind,
  readLevel,
  readListId,
  readServerTimeUs,
  readTimestamp,
  readToken,
  sealBytes,
  tokenGeneration,
  tokenSlot,
  VoiceKind,
  voiceHeaderBytes,
  whisperHeaderBytes,
  writeBundleHeader,
  writeListId,
  writePongBody,
  writeVoiceHeader,
} from './voicePacket.js';

const kinds = Object.values(VoiceKind);

function randomHeader(random: SeededRandom): VoiceHeader {
  return {
    token: random.nextUint32(),
    counter: random.nextUint32() + random.below(0x1_0000) * 2 ** 32,
    epoch: random.below(256),
    kind: kinds[random.below(kinds.length)]!,
    endOfSpurt: random.chance(0.5),
    level: random.below(16),
    timestamp: random.nextUint32(),
  };
}

function readHeader(packet: Uint8Array, offset: number): object {
  return {
    token: readToken(packet, offset),
    counter: readCounter(packet, offset),
    epoch: readEpoch(packet, offset),
    kind: readKind(packet, offset),
    endOfSpurt: readEndOfSpurt(packet, offset),
    level: readLevel(packet, offset),
    timestamp: readTimestamp(packet, offset),
  };
}

describe('voice header', () => {
  test('has the layout of the wire', () => {
    const packet = new Uint8Array(voiceHeaderBytes);
    writeVoiceHeader(packet, 0, {
      token: 0x04030201,
      counter: 0x0a0908070605,
      epoch: 0x0b,
      kind: VoiceKind.Bundle,
      endOfSpurt: true,
      level: 9,
      timestamp: 0x100f0e0d,
    });
    expect(Buffer.from(packet).toString('hex')).toBe('0102030405060708090a0b9c0d0e0f10');
  });

  test('keeps the largest value of every field', () => {
    const header = {
      token: 0xffff_ffff,
      counter: 2 ** 48 - 1,
      epoch: 255,
      kind: VoiceKind.Bundle,
      endOfSpurt: true,
      level: 15,
      timestamp: 0xffff_ffff,
    };
    const packet = new Uint8Array(voiceHeaderBytes);
    writeVoiceHeader(packet, 0, header);
    expect(readHeader(packet, 0)).toEqual(header);
  });

  test('reads what was written, at any offset, and touches nothing beside it', () => {
    forEachFuzzCase((random) => {
      const header = randomHeader(random);
      const offset = random.below(8);
      const packet = new Uint8Array(offset + voiceHeaderBytes + 8).fill(0xa5);
      writeVoiceHeader(packet, offset, header);
      const read = readHeader(packet, offset);
      if (JSON.stringify(read) !== JSON.stringify(header)) {
        throw new Error(`wrote ${JSON.stringify(header)}, read ${JSON.stringify(read)}`);
      }
      const beside = [...packet.subarray(0, offset), ...packet.subarray(offset + voiceHeaderBytes)];
      if (beside.some((byte) => byte !== 0xa5)) throw new Error('wrote outside the header');
    });
  });

  test('reads any 16 bytes to values within the range of their fields', () => {
    forEachFuzzCase((random) => {
      const packet = random.bytes(voiceHeaderBytes);
      const inRange =
        readToken(packet, 0) <= 0xffff_ffff &&
        readToken(packet, 0) >= 0 &&
        readCounter(packet, 0) < 2 ** 48 &&
        readCounter(packet, 0) >= 0 &&
        readKind(packet, 0) < 8 &&
        readLevel(packet, 0) < 16 &&
        readTimestamp(packet, 0) >= 0;
      if (!inRange) throw new Error(JSON.stringify(readHeader(packet, 0)));
    });
  });
});

describe('token', () => {
  test('holds slot and generation, unsigned', () => {
    const token = makeToken(0xf_ffff, 0xfff);
    expect(token).toBe(0xffff_ffff);
    expect(tokenSlot(token)).toBe(0xf_ffff);
    expect(tokenGeneration(token)).toBe(0xfff);
    expect(makeToken(5, 0x801)).toBe(0x8010_0005);
  });
});

describe('Pong', () => {
  test('keeps token, counter and timestamp of its Ping and adds the time', () => {
    const packet = new Uint8Array(pongBytes);
    const ping = { token: 7, counter: 2 ** 40, epoch: 3, endOfSpurt: true, level: 4, timestamp: 9 };
    writeVoiceHeader(packet, 0, { ...ping, kind: VoiceKind.Ping });
    const serverTimeUs = 1_790_000_000_123_456;
    expect(writePongBody(packet, serverTimeUs)).toBe(24);
    expect(readServerTimeUs(packet)).toBe(serverTimeUs);
    expect(readHeader(packet, 0)).toEqual({
      token: 7,
      counter: 2 ** 40,
      epoch: 0,
      kind: VoiceKind.Pong,
      endOfSpurt: false,
      level: 0,
      timestamp: 9,
    });
  });
});

describe('a bundle', () => {
  const lengths = [32, 100, 700];
  const make = (): Uint8Array => {
    const bytes = lengths.reduce(
      (sum, length) => sum + bundleLengthBytes + length,
      voiceHeaderBytes,
    );
    const bundle = new Uint8Array(bytes).fill(0xee);
    writeBundleHeader(bundle, 0);
    let at = voiceHeaderBytes;
    for (const length of lengths) {
      bundle[at] = length;
      bundle[at + 1] = length >>> 8;
      at += bundleLengthBytes + length;
    }
    return bundle;
  };
  const lengthsIn = (bundle: Uint8Array, bytes: number): number[] => {
    const found: number[] = [];
    let position = voiceHeaderBytes;
    for (;;) {
      const length = readBundledLength(bundle, bytes, position);
      if (length === -1) return found;
      found.push(length);
      position += bundleLengthBytes + length;
    }
  };

  test('has a header that says nothing but its kind', () => {
    const bundle = make();
    expect(readKind(bundle, 0)).toBe(VoiceKind.Bundle);
    expect(readToken(bundle, 0)).toBe(0);
    expect(readCounter(bundle, 0)).toBe(0);
    expect(readTimestamp(bundle, 0)).toBe(0);
  });

  test('tells the length of each frame, and where it is cut only of those that are whole', () => {
    const bundle = make();
    expect(lengthsIn(bundle, bundle.length)).toEqual(lengths);
    for (let bytes = 0; bytes < bundle.length; bytes++) {
      const whole = bytes < 50 ? [] : bytes < 152 ? [32] : [32, 100];
      expect(lengthsIn(bundle, bytes), `${bytes} bytes`).toEqual(whole);
    }
  });

  test('has no frame that is too short to be one', () => {
    const bundle = make();
    bundle[voiceHeaderBytes] = 31;
    expect(lengthsIn(bundle, bundle.length)).toEqual([]);
  });

  test('is never read beyond its end, whatever became of it', () => {
    forEachFuzzCase((random) => {
      const bytes = random.chance(0.5) ? mutateBytes(random, make()) : random.bytes(1_200);
      const found = lengthsIn(bytes, bytes.length);
      const sum = found.reduce((total, length) => total + bundleLengthBytes + length, 0);
      const isShort = found.some((length) => length < voiceHeaderBytes + sealBytes);
      if (sum > Math.max(0, bytes.length - voiceHeaderBytes) || isShort) {
        throw new Error(`found ${found.join(', ')} in ${Buffer.from(bytes).toString('hex')}`);
      }
    });
  });
});

test('the list of a whisper stands behind its header', () => {
  const packet = new Uint8Array(1 + whisperHeaderBytes).fill(0xee);
  writeListId(packet, 1, 0xfedc_ba98);
  expect(readListId(packet, 1)).toBe(0xfedc_ba98);
  expect([...packet.subarray(1 + voiceHeaderBytes)]).toEqual([0x98, 0xba, 0xdc, 0xfe]);
  expect(packet[voiceHeaderBytes]).toBe(0xee);
});
