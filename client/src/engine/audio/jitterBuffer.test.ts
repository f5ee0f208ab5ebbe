import { describe, expect, test } from 'vitest';
import { opusPayloadBytesMax } from './audioLimits.js';
import { JitterBuffer, PlayoutAction } from './jitterBuffer.js';

// In frames of 20 ms, which are two steps.
const [depthFrames, capacityFrames, concealFramesMax] = [3, 50, 5];
const limits = {
  depthSteps: 2 * depthFrames,
  capacityFrames,
  concealStepsMax: 2 * concealFramesMax,
};
const names = ['silence', 'frame', 'fec', 'conceal', 'rest'] as const;

/** A SILK frame of 20 ms (RFC 6716 section 3.1) that says who it is; 0x40 is its LBRR flag. */
const payloadOf = (place: number, fec: 'fec' | 'plain'): Uint8Array =>
  Uint8Array.of(0x08, fec === 'fec' ? 0x40 : 0, place);

/** Drives one buffer: packets by their place, 20 ms after 20 ms. */
class Listener {
  readonly buffer = new JitterBuffer(limits);
  step = 0;

  /** @param place of the frame on the sender's clock; also its counter, unless given */
  arrive(
    place: number,
    {
      counter = place,
      timestamp = place * 960,
      endOfSpurt = false,
      fec = 'plain',
    }: { counter?: number; timestamp?: number; endOfSpurt?: boolean; fec?: 'fec' | 'plain' } = {},
  ): this {
    const payload = payloadOf(place, fec);
    const at = 2 * this.step;
    this.buffer.push(at, counter, timestamp >>> 0, endOfSpurt, payload, 0, payload.length);
    return this;
  }

  /** @returns what was played: "frame 7", "fec 8", "silence" … */
  play(steps = 1): string[] {
    return Array.from({ length: steps }, () => {
      const action = this.buffer.step(2 * this.step);
      const isSilent = action === PlayoutAction.Silence;
      const then = this.buffer.step(2 * this.step++ + 1);
      expect(then).toBe(isSilent ? PlayoutAction.Silence : PlayoutAction.Rest);
      const hasPayload = action === PlayoutAction.Frame || action === PlayoutAction.Fec;
      return hasPayload ? `${names[action]} ${this.buffer.payload[2]!}` : names[action];
    });
  }

  /** Frames 0 … last have arrived and were played: what follows meets a playing buffer. */
  static playing(last: number): Listener {
    const listener = new Listener();
    for (let place = 0; place <= last; place++) listener.arrive(place);
    listener.play(depthFrames + last + 1);
    return listener;
  }
}

const silence = (steps: number): string[] => Array.from({ length: steps }, () => 'silence');
const conceal = (steps: number): string[] => Array.from({ length: steps }, () => 'conceal');

describe('order', () => {
  test('starts a spurt when its first packet has waited for the depth', () => {
    const listener = new Listener().arrive(1).arrive(2);
    expect(listener.play(depthFrames + 2)).toEqual([...silence(depthFrames), 'frame 1', 'frame 2']);
  });

  test('puts packets back in order, also at the start', () => {
    const listener = new Listener().arrive(3).arrive(1).arrive(4).arrive(2);
    expect(listener.play(depthFrames + 4).slice(depthFrames)).toEqual([
      'frame 1',
      'frame 2',
      'frame 3',
      'frame 4',
    ]);
  });

  test('drops duplicates, waiting and played, and late packets, and counts each', () => {
    const listener = Listener.playing(3).arrive(5).arrive(5).arrive(2);
    expect(listener.buffer.counts.packetsDuplicate).toBe(2);
    expect(listener.play(2)).toEqual(['conceal', 'frame 5']);
    listener.arrive(4);
    expect(listener.buffer.counts).toMatchObject({ packetsDuplicate: 2, packetsLate: 1 });
    listener.arrive(6);
    expect(listener.play()).toEqual(['frame 6']);
  });

  test('plays on over the wrap of timestamps and with the highest counters', () => {
    const listener = new Listener();
    for (let place = 0; place < 4; place++) {
      listener.arrive(place, { counter: 2 ** 48 - 4 + place, timestamp: -1_920 + place * 960 });
    }
    expect(listener.play(depthFrames + 4).slice(depthFrames)).toEqual([
      'frame 0',
      'frame 1',
      'frame 2',
      'frame 3',
    ]);
  });

  test('plays what a stall delivers at once to its end', () => {
    const listener = new Listener();
    for (let place = 0; place < capacityFrames; place++) listener.arrive(place);
    expect(listener.play(depthFrames + capacityFrames).at(-1)).toBe(`frame ${capacityFrames - 1}`);
    expect(listener.buffer.counts.packetsOverflowed).toBe(0);
  });

  test('drops the oldest when more waits than it holds', () => {
    const listener = new Listener();
    for (let place = 0; place <= capacityFrames; place++) listener.arrive(place);
    expect(listener.buffer.buffered).toBe(depthFrames + 1);
    expect(listener.buffer.counts.packetsOverflowed).toBe(capacityFrames - depthFrames);
    expect(listener.play(depthFrames + 1).at(-1)).toBe(`frame ${capacityFrames - depthFrames}`);
  });

  test('refuses payloads that cannot be one frame', () => {
    const { buffer } = new Listener();
    const payload = new Uint8Array(opusPayloadBytesMax + 1);
    buffer.push(0, 1, 0, false, payload, 0, 0);
    buffer.push(0, 2, 960, false, payload, 0, payload.length);
    // 2.5 ms of CELT, and 120 ms of SILK: nobody is told to send that.
    buffer.push(0, 3, 1_920, false, Uint8Array.of(0x80, 0), 0, 2);
    buffer.push(0, 4, 2_880, false, Uint8Array.of(0x1b, 2, 0), 0, 3);
    expect(buffer.buffered).toBe(0);
    expect(buffer.counts.packetsInvalid).toBe(4);
  });
});

describe('loss', () => {
  test('recovers a lost frame from the next packet where that carries it', () => {
    const listener = Listener.playing(3).arrive(5, { fec: 'fec' });
    expect(listener.play(2)).toEqual(['fec 5', 'frame 5']);
    expect(listener.buffer.counts).toMatchObject({ framesRecovered: 1, framesConcealed: 0 });
  });

  test('conceals where the next packet carries nothing of it', () => {
    const listener = Listener.playing(3).arrive(5);
    expect(listener.play(2)).toEqual(['conceal', 'frame 5']);
    expect(listener.buffer.counts).toMatchObject({ framesRecovered: 0, framesConcealed: 1 });
  });

  test('conceals a burst up to the frame that can be recovered', () => {
    const listener = Listener.playing(3).arrive(7, { fec: 'fec' });
    expect(listener.play(4)).toEqual(['conceal', 'conceal', 'fec 7', 'frame 7']);
  });

  test('conceals while nothing comes, for a while; then starts anew with whatever comes', () => {
    const listener = Listener.playing(3);
    expect(listener.play(concealFramesMax + 2)).toEqual([
      ...conceal(concealFramesMax),
      ...silence(2),
    ]);
    expect(listener.buffer.isIdle).toBe(true);
    listener.arrive(4 + concealFramesMax - 1);
    expect(listener.buffer.counts.packetsLate).toBe(1);
    listener.arrive(4 + concealFramesMax);
    expect(listener.play(depthFrames + 1)).toEqual([
      ...silence(depthFrames),
      `frame ${4 + concealFramesMax}`,
    ]);
  });

  test('goes on without a pause when a packet comes just after its place was concealed', () => {
    const listener = Listener.playing(3);
    expect(listener.play(2)).toEqual(conceal(2));
    listener.arrive(4).arrive(5).arrive(6);
    expect(listener.play()).toEqual(['frame 6']);
    expect(listener.buffer.counts.packetsLate).toBe(2);
  });

  test('recovers from a loss that is too long to conceal', () => {
    const listener = Listener.playing(3).arrive(30).arrive(31);
    expect(listener.play(concealFramesMax + 2)).toEqual([
      ...conceal(concealFramesMax),
      'frame 30',
      'frame 31',
    ]);
  });
});

describe('silence', () => {
  test('conceals nothing after the end of a spurt', () => {
    const listener = Listener.playing(3).arrive(4, { endOfSpurt: true });
    expect(listener.play(3)).toEqual(['frame 4', ...silence(2)]);
    expect(listener.buffer.isIdle).toBe(true);
  });

  test('conceals nothing where the timestamp went further than packets can be missing', () => {
    const listener = Listener.playing(3);
    listener.arrive(4).arrive(54, { counter: 5 });
    expect(listener.play(depthFrames + 1)).toEqual([
      'frame 4',
      ...silence(depthFrames - 1),
      'frame 54',
    ]);
    expect(listener.buffer.counts.framesConcealed).toBe(0);
  });

  test('takes a gap with an end of spurt in front for silence even if numbers are missing', () => {
    const listener = Listener.playing(3).arrive(4, { endOfSpurt: true }).arrive(6);
    expect(listener.play(3)).toEqual(['frame 4', 'silence', 'frame 6']);
  });

  test('keeps the length of pauses while the network delay changes little', () => {
    const delays = [1, 0, 2, 1, 0];
    const listener = new Listener();
    const starts: number[] = [];
    for (let step = 0; step < 120; step++) {
      const spurt = delays.findIndex((delay, index) => index * 20 + delay === step);
      if (spurt >= 0) listener.arrive(spurt * 20, { counter: spurt, endOfSpurt: true });
      if (listener.play()[0]!.startsWith('frame')) starts.push(step);
    }
    const first = delays[0]! + depthFrames;
    expect(starts).toEqual([first, first + 20, first + 40, first + 60, first + 80]);
  });

  test('does not mind that pings take numbers', () => {
    const listener = Listener.playing(3);
    listener.arrive(4, { counter: 9 }).arrive(5, { counter: 11 });
    expect(listener.play(2)).toEqual(['frame 4', 'frame 5']);
  });

  test('gives each spurt its own delay', () => {
    const listener = Listener.playing(3).arrive(4, { endOfSpurt: true });
    listener.play(40);
    listener.arrive(60, { counter: 5 });
    expect(listener.play(depthFrames + 1)).toEqual([...silence(depthFrames), 'frame 60']);
  });

  test('goes on without a pause when a spurt resumes in the very next frame', () => {
    const listener = Listener.playing(3).arrive(4, { endOfSpurt: true }).arrive(5);
    expect(listener.play(2)).toEqual(['frame 4', 'frame 5']);
  });

  test('follows a sender whose clock starts anew', () => {
    const listener = Listener.playing(3).arrive(200, { counter: 4, timestamp: 0 });
    listener.arrive(201, { counter: 5, timestamp: 960 });
    expect(listener.play(depthFrames + 2)).toEqual([
      ...silence(depthFrames),
      'frame 200',
      'frame 201',
    ]);
  });

  test('follows a sender whose clock slips by less than a frame', () => {
    const listener = Listener.playing(3).arrive(4, { timestamp: 4 * 960 + 100 });
    listener.arrive(5, { timestamp: 5 * 960 - 300 });
    expect(listener.play(2)).toEqual(['frame 4', 'frame 5']);
  });
});

describe('frames of other lengths', () => {
  /** SILK frames (RFC 6716 table 2) of 10, 20, 40 and 60 ms; with FEC, behind its activity bits. */
  const tocs = new Map([
    [1, { toc: 0x00, lbrr: 0x40 }],
    [2, { toc: 0x08, lbrr: 0x40 }],
    [4, { toc: 0x10, lbrr: 0x20 }],
    [6, { toc: 0x18, lbrr: 0x10 }],
  ]);
  const depthSteps = 12;

  /** @param sent duration of each frame in steps; those in `lost` do not arrive */
  function played(sent: readonly number[], lost: readonly number[], fec: 'fec' | 'plain') {
    const buffer = new JitterBuffer({ depthSteps, capacityFrames: 50, concealStepsMax: 12 });
    let timestamp = 0;
    sent.forEach((steps, counter) => {
      const { toc, lbrr } = tocs.get(steps)!;
      const payload = Uint8Array.of(toc, fec === 'fec' ? lbrr : 0, counter);
      if (!lost.includes(counter)) buffer.push(0, counter, timestamp, false, payload, 0, 3);
      timestamp += steps * 480;
    });
    const total = timestamp / 480;
    return Array.from({ length: depthSteps + total }, (_, step) => {
      const action = buffer.step(step);
      const name = names[action];
      if (action === PlayoutAction.Conceal) return `${name} ${buffer.soundSamples}`;
      const hasPayload = action === PlayoutAction.Frame || action === PlayoutAction.Fec;
      return hasPayload ? `${name} ${buffer.payload[2]!} ${buffer.soundSamples}` : name;
    }).slice(depthSteps);
  }
  const rest = (steps: number): string[] => Array.from({ length: steps }, () => 'rest');

  test.each([1, 4, 6])('last as long as they say: %i steps', (steps) => {
    const samples = steps * 480;
    const frame = (index: number): string[] => [`frame ${index} ${samples}`, ...rest(steps - 1)];
    expect(played([steps, steps, steps], [], 'plain')).toEqual([0, 1, 2].flatMap(frame));
    expect(played([steps, steps, steps], [1], 'fec')).toEqual([
      ...frame(0),
      ...[`fec 2 ${samples}`, ...rest(steps - 1)],
      ...frame(2),
    ]);
    expect(played([steps, steps, steps], [1], 'plain')).toEqual([
      ...frame(0),
      ...[`conceal ${samples}`, ...rest(steps - 1)],
      ...frame(2),
    ]);
  });

  test('may change within a spurt, also where one is lost', () => {
    const sent = [2, 2, 6, 6, 1, 1];
    expect(played(sent, [], 'plain')).toEqual([
      ...['frame 0 960', 'rest', 'frame 1 960', 'rest'],
      ...['frame 2 2880', ...rest(5), 'frame 3 2880', ...rest(5)],
      ...['frame 4 480', 'frame 5 480'],
    ]);
    // What a frame of 10 ms carries is not all of the 60 ms before it.
    expect(played(sent, [3], 'fec').slice(4)).toEqual([
      ...['frame 2 2880', ...rest(5), 'conceal 2400', ...rest(4), 'fec 4 480'],
      ...['frame 4 480', 'frame 5 480'],
    ]);
  });
});
