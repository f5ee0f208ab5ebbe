import { isDeepStrictEqual } from 'node:util';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { JitterBuffer, PlayoutAction, type JitterLimits } from './jitterBuffer.js';

interface SentFrame {
  readonly counter: number;
  readonly timestamp: number;
  readonly endOfSpurt: boolean;
  readonly spurt: number;
  /** Place within its spurt, and the spurt's length, in frames. */
  readonly place: number;
  readonly spurtFrames: number;
  readonly carriesFec: boolean;
  readonly sentStep: number;
}

interface Arrival {
  readonly frame: SentFrame;
  readonly step: number;
}

/** After all trouble, a pause and a clean spurt: to see that the buffer has recovered. */
const cleanPauseSteps = 200;
const cleanFrames = 20;

/** What a SILK frame of so many steps begins with, and its LBRR flag (RFC 6716 table 2, 4.2.3). */
const silkFrames = [
  { steps: 1, toc: 0x00, lbrr: 0x40 },
  { steps: 2, toc: 0x08, lbrr: 0x40 },
  { steps: 4, toc: 0x10, lbrr: 0x20 },
  { steps: 6, toc: 0x18, lbrr: 0x10 },
] as const;
type SilkFrame = (typeof silkFrames)[number];

/** Speech with pauses, pings that take counters, and clocks that start anew. */
function send(random: SeededRandom, frameSamples: number): SentFrame[] {
  const frames: SentFrame[] = [];
  // Some senders never say that a spurt ends.
  const saysEnd = random.chance(0.7);
  let counter = random.below(2 ** 31) * (random.chance(0.5) ? 1 : 2 ** 16);
  let timestamp = random.chance(0.5)
    ? 2 ** 32 - random.below(40) * frameSamples
    : random.nextUint32();
  let step = 0;
  const sendSpurt = (spurt: number, spurtFrames: number): void => {
    for (let place = 0; place < spurtFrames; place++) {
      frames.push({
        counter,
        timestamp: timestamp % 2 ** 32,
        endOfSpurt: saysEnd && place === spurtFrames - 1,
        spurt,
        place,
        spurtFrames,
        carriesFec: random.chance(0.7),
        sentStep: step,
      });
      counter += random.chance(0.02) ? 2 : 1;
      timestamp += frameSamples;
      step++;
    }
  };
  const spurts = 1 + random.below(8);
  for (let spurt = 0; spurt < spurts; spurt++) {
    sendSpurt(spurt, 1 + random.below(60));
    // At least as long as the pings that may fall into it.
    const pauseSteps = 3 + random.below(80);
    if (random.chance(0.5)) counter++;
    step += pauseSteps;
    timestamp += pauseSteps * frameSamples;
    if (random.chance(0.1)) timestamp = random.nextUint32();
  }
  step += cleanPauseSteps;
  timestamp += cleanPauseSteps * frameSamples;
  sendSpurt(spurts, cleanFrames);
  return frames;
}

/** Loses, doubles, delays, reorders and holds up all but the last spurt. */
function deliver(random: SeededRandom, frames: readonly SentFrame[]): Arrival[] {
  const lossProbability = random.below(40) / 100;
  const doubleProbability = random.below(20) / 100;
  const delayStepsMax = random.below(20);
  const lastSpurt = frames.at(-1)!.spurt;
  // A network that stands still and then delivers everything at once.
  const stallStart = random.chance(0.3) ? random.below(200) : Infinity;
  const stallEnd = stallStart + random.below(90);
  const arrivals: (Arrival & { order: number })[] = [];
  for (const frame of frames) {
    const isClean = frame.spurt === lastSpurt;
    if (!isClean && random.chance(lossProbability)) continue;
    const copies = !isClean && random.chance(doubleProbability) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delay = isClean ? 0 : random.below(delayStepsMax + 1);
      const onTime = frame.sentStep + delay;
      const isHeldUp = !isClean && onTime >= stallStart && onTime < stallEnd;
      const order = isClean ? frame.counter : random.nextUint32();
      arrivals.push({ frame, step: isHeldUp ? stallEnd : onTime, order });
    }
  }
  return arrivals.sort((a, b) => a.step - b.step || a.order - b.order);
}

/** Plays the arrivals and checks each action against what was really sent. */
class Referee {
  readonly buffer: JitterBuffer;
  readonly #limits: JitterLimits;
  readonly #silk: SilkFrame;
  /** What the buffer has taken in and not played, by counter. */
  readonly #waiting = new Map<number, SentFrame>();
  readonly #played = new Set<number>();
  #last: SentFrame | null = null;
  #covered = 0;
  /** At which steps a frame began. */
  readonly frameSteps: number[] = [];

  constructor(limits: JitterLimits, silk: SilkFrame) {
    this.#limits = limits;
    this.#silk = silk;
    this.buffer = new JitterBuffer(limits);
  }

  push(step: number, frame: SentFrame): void {
    const { counts } = this.buffer;
    const droppedBefore = counts.packetsLate + counts.packetsDuplicate;
    const overflowedBefore = counts.packetsOverflowed;
    this.buffer.push(
      step,
      frame.counter,
      frame.timestamp,
      frame.endOfSpurt,
      payloadOf(frame, this.#silk),
      0,
      8,
    );
    if (counts.packetsLate + counts.packetsDuplicate === droppedBefore) {
      this.#waiting.set(frame.counter, frame);
    }
    const overflowed = counts.packetsOverflowed - overflowedBefore;
    const oldest = [...this.#waiting.keys()].sort((a, b) => a - b);
    for (const counter of oldest.filter((key) => key !== frame.counter).slice(0, overflowed)) {
      this.#waiting.delete(counter);
    }
    assert(this.buffer.buffered === this.#waiting.size, 'holds what it took');
    assert(this.buffer.buffered <= this.#limits.capacityFrames, 'is bounded');
  }

  step(step: number): void {
    const action = this.buffer.step(step);
    const counter = counterOf(this.buffer.payload);
    if (action === PlayoutAction.Frame) {
      this.frameSteps.push(step);
      this.#checkFrame(counter);
    } else if (action === PlayoutAction.Fec || action === PlayoutAction.Conceal) {
      this.#checkCover(action, counter);
    }
  }

  #checkFrame(counter: number): void {
    const frame = this.#waiting.get(counter);
    assert(frame !== undefined, 'plays only what arrived');
    assert(!this.#played.has(counter), 'plays no frame twice');
    assert(counter > (this.#last?.counter ?? -1), 'plays in order');
    this.#waiting.delete(counter);
    this.#played.add(counter);
    this.#last = frame;
    this.#covered = 0;
  }

  #checkCover(action: PlayoutAction, counter: number): void {
    assert(this.#last !== null, 'has something to go on from');
    this.#covered++;
    const coveredSteps = this.#covered * this.#silk.steps;
    assert(coveredSteps <= this.#limits.concealStepsMax, 'gives up in time');
    assert(!this.#last.endOfSpurt, 'conceals no silence after an end');
    const next = [...this.#waiting.values()].sort((a, b) => a.counter - b.counter)[0];
    if (next) {
      assert(next.spurt === this.#last.spurt, 'conceals no silence between spurts');
      const missing = next.place - this.#last.place - 1;
      assert(this.#covered <= missing, 'conceals no more than was lost');
      if (action === PlayoutAction.Fec) {
        assert(counter === next.counter && next.carriesFec, 'recovers from the next packet');
        assert(this.#covered === missing, 'recovers only the frame right before it');
      }
    } else {
      assert(action === PlayoutAction.Conceal, 'recovers from nothing');
    }
  }
}

function payloadOf(frame: SentFrame, { toc, lbrr }: SilkFrame): Uint8Array {
  const payload = Buffer.alloc(8);
  payload[0] = toc;
  payload[1] = frame.carriesFec ? lbrr : 0;
  payload.writeUIntBE(frame.counter, 2, 6);
  return payload;
}

function counterOf(payload: Uint8Array): number {
  return Buffer.from(payload.buffer, payload.byteOffset, 8).readUIntBE(2, 6);
}

function assert(condition: boolean, property: string): asserts condition {
  if (!condition) throw new Error(`broken: ${property}`);
}

/** One conversation over one bad network. @returns what became of the packets */
function playConversation(seed: number): JitterBuffer {
  const random = new SeededRandom(seed);
  const silk = silkFrames[seed % silkFrames.length]!;
  const { steps } = silk;
  const frames = send(random, steps * 480);
  const arrivals = deliver(random, frames);
  const cleanStart = frames.find(({ spurt }) => spurt === frames.at(-1)!.spurt)!.sentStep;
  const depthFrames = [0, 1, 3, 10, 25][random.below(5)]!;
  const capacityFrames = 2 * depthFrames + 1 + random.below(60);
  const depthSteps = depthFrames * steps;
  const limits = { depthSteps, capacityFrames, concealStepsMax: 5 * steps };
  const referee = new Referee(limits, silk);
  let next = 0;
  const lastStep = frames.at(-1)!.sentStep + 2 * depthFrames + 5;
  for (let at = 0; at <= lastStep; at++) {
    if (at === cleanStart) assert(referee.buffer.isIdle, 'comes to rest in a long pause');
    for (; next < arrivals.length && arrivals[next]!.step === at; next++) {
      referee.push(at * steps, arrivals[next]!.frame);
    }
    for (let part = 0; part < steps; part++) referee.step(at * steps + part);
  }
  const cleanStep = cleanStart * steps;
  const clean = referee.frameSteps.filter((step) => step >= cleanStep);
  const wantedSteps = Array.from({ length: cleanFrames }, (_, i) => clean[0]! + i * steps);
  assert(Math.abs(clean[0]! - cleanStep - depthSteps) <= depthSteps / 2, 'starts in time');
  assert(isDeepStrictEqual(clean.slice(0, cleanFrames), wantedSteps), 'recovers');
  const { counts } = referee.buffer;
  const accounted = counts.framesPlayed + counts.packetsLate + counts.packetsDuplicate;
  assert(accounted + counts.packetsOverflowed === arrivals.length, 'accounts for every packet');
  return referee.buffer;
}

test('any order, loss, duplication, restart and wrap keeps its promises', () => {
  const totals = { played: 0, recovered: 0, concealed: 0, late: 0, duplicate: 0, overflowed: 0 };
  for (let seed = 1; seed <= 3_000; seed++) {
    try {
      const { counts } = playConversation(seed);
      totals.played += counts.framesPlayed;
      totals.recovered += counts.framesRecovered;
      totals.concealed += counts.framesConcealed;
      totals.late += counts.packetsLate;
      totals.duplicate += counts.packetsDuplicate;
      totals.overflowed += counts.packetsOverflowed;
    } catch (cause) {
      throw new Error(`seed ${seed}: ${(cause as Error).message}`, { cause });
    }
  }
  // Every kind of trouble was met.
  for (const count of Object.values(totals)) expect(count).toBeGreaterThan(300);
});
