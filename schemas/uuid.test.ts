import { expect, test } from 'vitest';
import { ProtocolError } from './protocolError.js';
import { forEachFuzzCase, fuzzTimeoutMs } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import { SeededRandom } from './testing/seededRandom.js';
import { newTimeOrderedUuid, newUuid, uuidFromBytes, uuidToBytes } from './uuid.js';

test('writes bytes in the usual form and reads them back', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  const text = '00112233-4455-6677-8899-aabbccddeeff';
  expect(uuidFromBytes(bytes)).toBe(text);
  expect(uuidToBytes(text)).toEqual(bytes);
});

test.each([0, 15, 17, 32])('refuses %i bytes', (length) => {
  expect(() => uuidFromBytes(new Uint8Array(length))).toThrow(ProtocolError);
});

test.each([
  '',
  '00112233445566778899aabbccddeeff',
  '00112233-4455-6677-8899-AABBCCDDEEFF',
  '{00112233-4455-6677-8899-aabbccddeeff}',
  '00112233-4455-6677-8899-aabbccddeef',
  '00112233-4455-6677-8899-aabbccddeeff0',
  '00112233-4455-6677-8899-aabbccddeeff\n',
  '0011223-34455-6677-8899-aabbccddeeff',
  'g0112233-4455-6677-8899-aabbccddeeff',
  // Characters whose lower eight bits are those of a digit or a hyphen.
  '\u01300112233-4455-6677-8899-aabbccddeeff',
  '00112233\u012d4455-6677-8899-aabbccddeeff',
])('refuses %j', (text) => {
  expect(() => uuidToBytes(text)).toThrow(ProtocolError);
});

test('makes version 4 and version 7', () => {
  expect(newUuid()).toMatch(/^.{14}4.{4}[89ab]/);
  expect(newTimeOrderedUuid(Date.now())).toMatch(/^.{14}7.{4}[89ab]/);
  expect(newUuid()).not.toBe(newUuid());
  expect(newTimeOrderedUuid(5)).not.toBe(newTimeOrderedUuid(5));
});

test('sorts version 7 by time, with the milliseconds of RFC 9562 appendix A.6', () => {
  expect(newTimeOrderedUuid(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7/);
  const times = [0, 1, 255, 256, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
  const ids = times.map(newTimeOrderedUuid);
  expect(ids.toSorted()).toEqual(ids);
});

test.each([-1, 2 ** 48, Number.NaN])('refuses the time %d', (nowMs) => {
  expect(() => newTimeOrderedUuid(nowMs)).toThrow(RangeError);
});

test('takes exactly the bytes and texts that it gives back', { timeout: fuzzTimeoutMs() }, () => {
  const original = Buffer.from(uuidFromBytes(new SeededRandom(1).bytes(16)), 'latin1');
  forEachFuzzCase((random) => {
    const bytes = random.bytes(16);
    if (Buffer.compare(uuidToBytes(uuidFromBytes(bytes)), bytes) !== 0) {
      throw new Error('bytes differ');
    }
    const text = Buffer.from(mutateBytes(random, original)).toString('latin1');
    let accepted: Uint8Array;
    try {
      accepted = uuidToBytes(text);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'invalidField') return;
      throw error;
    }
    if (uuidFromBytes(accepted) !== text) throw new Error(`took ${JSON.stringify(text)}`);
  });
});
