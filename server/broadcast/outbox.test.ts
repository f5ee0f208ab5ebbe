import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits } from '../limits.js';
import { Outbox } from './outbox.js';

const limits = {
  ...controlLimits.session,
  outboxBytesMax: 1_000,
  outboxStalledMsMax: 100,
  writePieceBytes: 64,
};

/** A stream with room for so many bytes, that takes all or none. */
class Stream {
  readonly taken: number[] = [];
  roomBytes = 0;
  isFinished = false;

  readonly write = (bytes: Uint8Array): boolean => {
    if (bytes.length > this.roomBytes) return false;
    this.roomBytes -= bytes.length;
    this.taken.push(...bytes);
    return true;
  };

  readonly finish = (): boolean => {
    this.isFinished = true;
    return true;
  };
}

function createOutbox(): { stream: Stream; outbox: Outbox; clock: { nowMs: number } } {
  const stream = new Stream();
  const clock = { nowMs: 0 };
  return {
    stream,
    clock,
    outbox: new Outbox(stream, { waitingBytes: 0 }, limits, () => clock.nowMs),
  };
}

describe('an outbox', () => {
  test('hands frames on at once while the stream takes them', () => {
    const { stream, outbox } = createOutbox();
    stream.roomBytes = 10;
    expect(outbox.push(Uint8Array.of(1, 2, 3))).toBe(true);
    expect(stream.taken).toEqual([1, 2, 3]);
  });

  test('keeps order and loses nothing, however the stream takes and frames come', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new SeededRandom(seed);
      const { stream, outbox } = createOutbox();
      const sent: number[] = [];
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.5)) {
          const frame = random.bytes(random.below(200));
          if (outbox.push(frame)) sent.push(...frame);
        } else {
          stream.roomBytes += random.below(300);
          outbox.drain();
        }
      }
      stream.roomBytes = Infinity;
      outbox.drain();
      expect(stream.taken, `seed ${seed}`).toEqual(sent);
    }
  });

  test('refuses a frame beyond its bound, but takes a longer one while it is empty', () => {
    const { stream, outbox } = createOutbox();
    expect(outbox.push(new Uint8Array(5_000))).toBe(true);
    expect(outbox.push(new Uint8Array(1))).toBe(false);
    stream.roomBytes = Infinity;
    outbox.drain();
    expect(stream.taken).toHaveLength(5_000);
    expect(outbox.push(new Uint8Array(1))).toBe(true);
  });

  test('shares its bound with the others of its reader', () => {
    const share = { waitingBytes: 0 };
    const [blocked, other] = [new Stream(), new Stream()];
    const first = new Outbox(blocked, share, limits, () => 0);
    const second = new Outbox(other, share, limits, () => 0);
    expect(first.push(new Uint8Array(900))).toBe(true);
    expect(second.push(new Uint8Array(200))).toBe(false);
    blocked.roomBytes = Infinity;
    first.drain();
    expect(second.push(new Uint8Array(200))).toBe(true);
  });

  test('ends its stream after all that waits', () => {
    const { stream, outbox } = createOutbox();
    outbox.push(new Uint8Array(100));
    outbox.finish();
    expect(stream.isFinished).toBe(false);
    stream.roomBytes = Infinity;
    outbox.drain();
    expect(stream.isFinished).toBe(true);
  });

  test('is stalled when nothing was taken for too long, and not while it moves', () => {
    const { stream, outbox, clock } = createOutbox();
    clock.nowMs = 1_000;
    expect(outbox.isStalled()).toBe(false);
    outbox.push(new Uint8Array(200));
    clock.nowMs += 101;
    expect(outbox.isStalled()).toBe(true);
    stream.roomBytes = 64;
    outbox.drain();
    expect(outbox.isStalled()).toBe(false);
    stream.roomBytes = Infinity;
    outbox.drain();
    clock.nowMs += 1_000;
    expect(outbox.isStalled()).toBe(false);
  });
});
