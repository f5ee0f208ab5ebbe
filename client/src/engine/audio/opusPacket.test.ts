import { expect, test } from 'vitest';
import { carriesFec, packetSamples } from './opusPacket.js';

test.each([
  ['SILK of 10 ms', [0x00, 0], 480],
  ['SILK of 60 ms', [0x18, 0], 2_880],
  ['hybrid of 10 ms', [0x60, 0], 480],
  ['hybrid of 20 ms', [0x78, 0], 960],
  ['CELT of 2.5 ms', [0x80, 0], 120],
  ['CELT of 20 ms', [0xf8, 0], 960],
  ['two frames of one length', [0x09, 0, 0], 1_920],
  ['two frames of different lengths', [0x0a, 1, 0, 0], 1_920],
  ['three frames', [0x0b, 3, 0, 0, 0], 2_880],
  ['no frames', [0x0b, 0], 0],
  ['a count that is cut off', [0x0b], 0],
  ['nothing', [], 0],
])('%s last as long as they say', (_what, bytes, samples) => {
  expect(packetSamples(Uint8Array.from(bytes), 0, bytes.length)).toBe(samples);
});

test.each([
  ['20 ms', [0x08, 0x40]],
  ['40 ms', [0x10, 0x20]],
  ['60 ms', [0x18, 0x10]],
  ['hybrid', [0x78, 0x40]],
  ['two frames of one length', [0x09, 0x40, 0]],
  ['two frames, the first of them short', [0x0a, 1, 0x40, 0]],
  ['two frames, the first of them long', [0x0a, 252, 0, 0x40, 0]],
  ['three frames', [0x0b, 3, 0x40, 0, 0]],
  ['three frames with padding', [0x0b, 0x43, 2, 0x40, 0, 0, 0, 0]],
  ['three frames of different lengths', [0x0b, 0x83, 1, 1, 0x40, 0, 0]],
])('finds FEC in %s', (_what, bytes) => {
  expect(carriesFec(Uint8Array.from(bytes), 0, bytes.length)).toBe(true);
  const without = bytes.map((byte, index) => (index > 0 && byte === bytes.find(isFlag) ? 0 : byte));
  expect(carriesFec(Uint8Array.from(without), 0, without.length)).toBe(false);
});

/** The byte that opens the first SILK frame in the packets above. */
function isFlag(byte: number, index: number): boolean {
  return index > 0 && [0x40, 0x20, 0x10].includes(byte);
}

test('sees no FEC in CELT, in stereo, and where a packet is cut short', () => {
  for (const toc of [0xf8, 0x0c]) {
    expect(carriesFec(Uint8Array.of(toc, 0xff, 0xff), 0, 3)).toBe(false);
  }
  for (const bytes of [[], [0x08], [0x0a, 1], [0x0b, 0x43, 0xff, 0xff], [0x0b, 0x83, 255, 255]]) {
    expect(carriesFec(Uint8Array.from(bytes), 0, bytes.length)).toBe(false);
  }
});
