import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import type { SpeakerStatistics } from '../../audioState.js';
import { noObjects, settledAllocations } from '../testing/allocatedBytes.js';
import { encodeSpeech } from '../testing/encodeSpeech.js';
import { speechLike } from '../testing/speechLike.js';
import { readPlayback, readSpeakers } from './playbackTables.js';
import { SteppedOutput, SteppedPlayback } from './testing/steppedPlayback.js';
import {
  readTapKind,
  readTapStep,
  readTapToken,
  tapBodyAt,
  TapKind,
  tapRecordBytesMax,
} from './voiceTap.js';

const payloads = encodeSpeech(speechLike(new SeededRandom(11), 4));
const format = { sampleRate: 48_000, channels: 2, bufferFrames: 480 };

/** Speakers who never stop, and a device of 10 ms that is told when to run. */
class Stage {
  readonly playback = new SteppedPlayback();
  readonly output = new SteppedOutput(format);
  nowMs = 1_000_000;
  #spoken = 0;

  constructor(readonly speakers: readonly number[]) {
    for (const token of speakers) this.playback.addSpeaker(token);
    this.playback.command({ kind: 'attach', output: this.output.stream });
    this.playback.loop.turn(this.nowMs);
  }

  /** Packets of the 10 ms that pass. */
  speak(): void {
    this.nowMs += 10;
    if (this.#spoken++ % 2 === 1) return;
    const frame = this.#spoken >>> 1;
    const payload = payloads[frame % payloads.length]!;
    for (const token of this.speakers) {
      this.playback.push(token, frame, false, payload, this.nowMs - 3);
    }
  }

  /** @returns how loud the 10 ms were */
  play(): number {
    this.speak();
    this.output.take();
    this.playback.loop.turn(this.nowMs);
    return this.output.buffer.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  }

  of(token: number): SpeakerStatistics {
    return readSpeakers(this.playback.speakers).get(token)!;
  }
}

test('a thread that stood still goes on without a delay that stays', () => {
  const stage = new Stage([1]);
  for (let i = 0; i < 500; i++) stage.play();
  const before = stage.of(1);
  // Nothing runs but the network and the device, which plays silence.
  for (let i = 0; i < 40; i++) {
    stage.speak();
    stage.output.take();
  }
  stage.playback.loop.turn(stage.nowMs);
  for (let i = 0; i < 500; i++) stage.play();
  const after = stage.of(1);
  expect(after.framesPlayed - before.framesPlayed).toBeGreaterThanOrEqual(260);
  expect(after.framesConcealed).toBe(before.framesConcealed);
  expect(after.depthMs).toBeLessThan(before.depthMs + 21);
  expect(after.delayMs).toBeLessThan(before.delayMs + 21);
  expect(readPlayback(stage.playback.table).lateSteps).toBeGreaterThan(30);
  expect(readPlayback(stage.playback.table).underruns).toBeGreaterThan(30);
  stage.playback.free();
});

test('a clock plays to nobody where the device takes nothing, until it does', () => {
  const stage = new Stage([1]);
  for (let i = 0; i < 200; i++) stage.play();
  for (let i = 0; i < 300; i++) {
    stage.speak();
    stage.playback.loop.turn(stage.nowMs);
  }
  expect(stage.of(1).isTalking).toBe(true);
  expect(stage.of(1).framesPlayed).toBeGreaterThan(230);
  expect(stage.output.ring.header.used).toBeLessThan(4 * 960);
  for (let i = 0; i < 200; i++) stage.play();
  expect(stage.of(1).framesPlayed).toBeGreaterThan(340);
  expect(stage.of(1).delayMs).toBeLessThan(60);
  expect(readPlayback(stage.playback.table).underruns).toBe(0);
  stage.playback.free();
});

test('a device is replaced and taken away while people talk, and nothing is lost', () => {
  const stage = new Stage([1, 2]);
  for (let i = 0; i < 200; i++) stage.play();
  const other = new SteppedOutput({ sampleRate: 44_100, channels: 1, bufferFrames: 441 });
  stage.playback.command({ kind: 'attach', output: other.stream });
  let heard = 0;
  for (let i = 0; i < 200; i++) {
    stage.speak();
    if (i > 0) other.take();
    while (stage.playback.loop.turn(stage.nowMs) <= 0);
    if (other.buffer.some((sample) => sample !== 0)) heard++;
  }
  expect(heard).toBeGreaterThan(150);
  other.ring.header.close();
  for (let i = 0; i < 200; i++) {
    stage.speak();
    stage.playback.loop.turn(stage.nowMs);
  }
  expect(stage.playback.loop.deviceHeader).toBeNull();
  for (const token of [1, 2]) {
    const { framesPlayed, framesConcealed, framesLate } = stage.of(token);
    expect(framesPlayed).toBeGreaterThan(295);
    expect(framesConcealed + framesLate).toBeLessThan(4);
  }
  stage.playback.free();
});

test('what is played is there for the echo canceller, in step, and only while it is read', () => {
  const stage = new Stage([1]);
  const { farEnd } = stage.playback;
  const step = new Float32Array(480);
  const played: number[] = [];
  const echoes: number[] = [];
  for (let i = 0; i < 300; i++) {
    stage.play();
    for (let at = 0; at < 960; at += 2) {
      played.push((stage.output.buffer[at]! + stage.output.buffer[at + 1]!) / 2);
    }
    while (farEnd.pop(step)) echoes.push(...step);
  }
  const lead = echoes.length - played.length;
  // What the device has not taken yet, less the silence that it began with.
  expect(lead).toBe(480 - 480);
  expect(played.slice(480).every((sample, i) => sample === echoes[i])).toBe(true);
  for (let i = 0; i < 100; i++) stage.play();
  expect(farEnd.header.overruns).toBe(0);
  expect(farEnd.free).toBeLessThan(480);
  stage.playback.free();
});

test('a tap hears the mix and each speaker by name, also who is muted', () => {
  const stage = new Stage([1, 2]);
  const memory = createRecordRing(2 ** 20);
  const muted = { gain: 1, pan: 0, hasPriority: false, isMuted: true };
  stage.playback.records.setSound(2, muted);
  for (let i = 0; i < 50; i++) stage.play();
  stage.playback.command({ kind: 'taps', rings: [memory] });
  for (let i = 0; i < 50; i++) stage.play();
  stage.playback.command({ kind: 'taps', rings: [] });
  for (let i = 0; i < 50; i++) stage.play();
  const ring = new SpscRecordRing(memory);
  const record = new Uint8Array(tapRecordBytesMax);
  const fields = new DataView(record.buffer);
  const [names, voices, mixes] = [new Map<number, string>(), new Map<number, number>(), new Set()];
  for (let bytes = ring.pop(record); bytes >= 0; bytes = ring.pop(record)) {
    const [kind, token] = [readTapKind(fields), readTapToken(fields)];
    if (kind === TapKind.Name) {
      names.set(token, new TextDecoder().decode(record.subarray(tapBodyAt, bytes)));
    } else if (kind === TapKind.Voice) {
      expect(names.has(token)).toBe(true);
      expect(bytes).toBe(tapBodyAt + 960);
      if (record.subarray(tapBodyAt, bytes).some((byte) => byte !== 0)) {
        voices.set(token, (voices.get(token) ?? 0) + 1);
      }
    } else {
      expect(bytes).toBe(tapBodyAt + 1_920);
      mixes.add(readTapStep(fields));
    }
  }
  expect(names).toEqual(
    new Map([
      [1, 'Voice 1'],
      [2, 'Voice 2'],
    ]),
  );
  expect(mixes.size).toBe(50);
  for (const token of [1, 2]) expect(voices.get(token)).toBeGreaterThan(40);
  stage.playback.free();
});

test('who was not added is counted and not heard, and a row is free again with its speaker', () => {
  const stage = new Stage([1]);
  for (let i = 0; i < 50; i++) stage.play();
  stage.playback.removeSpeaker(1);
  for (let i = 0; i < 100; i++) stage.play();
  expect(readSpeakers(stage.playback.speakers).size).toBe(0);
  expect(stage.playback.table.columns.packetsUnknown.load(0)).toBe(50);
  stage.playback.addSpeaker(1);
  for (let i = 0; i < 50; i++) stage.play();
  expect([...readSpeakers(stage.playback.speakers).keys()]).toEqual([1]);
  stage.playback.free();
});

test('allocates nothing from packet to ring, with eight who talk', () => {
  const stage = new Stage(Array.from({ length: 8 }, (_value, i) => i + 1));
  const play = (): void => {
    stage.speak();
    stage.output.take();
    stage.playback.loop.turn(stage.nowMs);
  };
  for (let i = 0; i < 400; i++) play();
  const { bytesPerStep, where } = settledAllocations(play, { steps: 300 });
  expect(stage.of(8).framesPlayed).toBeGreaterThan(300);
  expect(stage.output.underruns).toBe(0);
  stage.playback.free();
  expect(bytesPerStep, JSON.stringify(where)).toBeLessThan(noObjects(4));
});
