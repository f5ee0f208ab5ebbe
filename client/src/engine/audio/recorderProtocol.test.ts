import { expect, test } from 'vitest';
import {
  readPacketCounter,
  readPacketEndOfSpurt,
  readPacketTimestamp,
  readRecordAtMs,
  readRecordKind,
  readRecordToken,
  recordBytesMax,
  RecordKind,
  writePacketFields,
  writeRecordHead,
} from './recorderProtocol.js';

test('gives back every field at the end of its range', () => {
  const record = new DataView(new ArrayBuffer(recordBytesMax));
  for (const endOfSpurt of [true, false]) {
    writeRecordHead(record, RecordKind.Packet, 0xffff_ffff, 123_456.789);
    writePacketFields(record, 2 ** 48 - 1, 0xffff_ffff, endOfSpurt);
    expect(readRecordKind(record)).toBe(RecordKind.Packet);
    expect(readRecordToken(record)).toBe(0xffff_ffff);
    expect(readRecordAtMs(record)).toBe(123_456.789);
    expect(readPacketCounter(record)).toBe(2 ** 48 - 1);
    expect(readPacketTimestamp(record)).toBe(0xffff_ffff);
    expect(readPacketEndOfSpurt(record)).toBe(endOfSpurt);
  }
});
