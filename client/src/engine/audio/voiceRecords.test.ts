import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { expect, test } from 'vitest';
import { opusPayloadBytesMax, recorderLimits } from './audioLimits.js';
import { monotonicMs } from './monotonicClock.js';
import { noRow, recordBodyAt, RecordKind } from './voiceRecords.js';
import { VoiceRecordReader, VoiceRecordWriter } from './voiceRecords.js';

interface Ends {
  readonly ring: SpscRecordRing;
  readonly writer: VoiceRecordWriter;
  readonly reader: VoiceRecordReader;
  stuck: number;
}

function openEnds(bytes: number): Ends {
  const ring = new SpscRecordRing(createRecordRing(bytes));
  const ends: Ends = {
    ring,
    writer: new VoiceRecordWriter(ring, () => ends.stuck++),
    reader: new VoiceRecordReader(ring),
    stuck: 0,
  };
  return ends;
}

const ringBytes = 2 * recorderLimits.ringReserveBytes;

test('gives back every field of a packet at the end of its range', () => {
  const { writer, reader } = openEnds(ringBytes);
  const beforeMs = monotonicMs();
  const payload = Uint8Array.of(1, 2, 255);
  for (const [endOfSpurt, audience] of [
    [true, 'room'],
    [false, 'whisper'],
  ] as const) {
    writer.packet(0xffff_ffff, noRow, 2 ** 48 - 1, 0xffff_ffff, endOfSpurt, payload, audience);
    expect(reader.next()).toBe(true);
    expect(reader.kind).toBe(RecordKind.Packet);
    expect(reader.token).toBe(0xffff_ffff);
    expect(reader.row).toBe(noRow);
    expect(reader.counter).toBe(2 ** 48 - 1);
    expect(reader.timestamp).toBe(0xffff_ffff);
    expect(reader.endOfSpurt).toBe(endOfSpurt);
    expect(reader.isWhisper).toBe(audience === 'whisper');
    expect(reader.payloadBytes).toBe(3);
    expect(reader.bytes.slice(recordBodyAt, recordBodyAt + 3)).toEqual(payload);
    expect(reader.atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(reader.atMs).toBeLessThanOrEqual(monotonicMs());
  }
  expect(reader.next()).toBe(false);
});

test('gives back names, cut to their length, and sounds', () => {
  const { writer, reader } = openEnds(ringBytes);
  writer.addSpeaker(7, 'Zoë');
  writer.addSpeaker(8, 'x'.repeat(1_000));
  writer.setSound(9, { gain: 1.5, pan: -0.25, hasPriority: true, isMuted: false });
  writer.setSound(9, { gain: 0, pan: 1, hasPriority: false, isMuted: true });
  writer.command(RecordKind.Close, 0);
  reader.next();
  expect([reader.kind, reader.token]).toEqual([RecordKind.AddSpeaker, 7]);
  expect(reader.displayName).toBe('Zoë');
  reader.next();
  expect(reader.displayName).toBe('x'.repeat(recorderLimits.displayNameBytesMax));
  reader.next();
  expect(reader.sound).toEqual({ gain: 1.5, pan: -0.25, hasPriority: true, isMuted: false });
  reader.next();
  expect(reader.sound).toEqual({ gain: 0, pan: 1, hasPriority: false, isMuted: true });
  reader.next();
  expect(reader.kind).toBe(RecordKind.Close);
});

test('packets leave room for commands, and a reader that takes none of those is given up', () => {
  const ends = openEnds(ringBytes);
  const payload = new Uint8Array(opusPayloadBytesMax);
  while (ends.writer.packet(1, 0, 0, 0, false, payload, 'room'));
  ends.writer.command(RecordKind.RemoveSpeaker, 1);
  expect(ends.stuck).toBe(0);
  for (let i = 0; i < ringBytes / recordBodyAt; i++) ends.writer.command(RecordKind.Start, 0);
  expect(ends.stuck).toBe(1);
});

test('a payload that is longer than any is dropped', () => {
  const { writer, reader } = openEnds(ringBytes);
  const payload = new Uint8Array(opusPayloadBytesMax + 1);
  expect(writer.packet(1, 0, 0, 0, false, payload, 'room')).toBe(true);
  expect(reader.next()).toBe(false);
});
