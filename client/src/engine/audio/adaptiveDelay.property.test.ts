import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { liveJitterLimits, stepSamples } from './audioLimits.js';
import { JitterBuffer, PlayoutAction } from './jitterBuffer.js';

/** SILK frames by their steps: first byte and LBRR flag (RFC 6716 table 2, 4.2.3). */
const silkFrames = [
  { steps: 1, toc: 0x00, lbrr: 0x40 },
  { steps: 2, toc: 0x08, lbrr: 0x40 },
  { steps: 4, toc: 0x10, lbrr: 0x20 },
  { steps: 6, toc: 0x18, lbrr: 0x10 },
] as const;

interface Sent {
  readonly spurt: number;
  readonly isLast: boolean;
  readonly sentStep: number;
  readonly timestamp: number;
}

/** After all trouble: a pause, and a spurt that arrives without any. */
const [cleanPauseSteps, cleanFrames] = [400, 40];

function send(random: SeededRandom, steps: number): Sent[] {
  const sent: Sent[] = [];
  let timestamp = random.nextUint32();
  let step = 0;
  const spurts = 2 + random.below(5);
  for (let spurt = 0; spurt < spurts; spurt++) {
    const frames = spurt === spurts - 1 ? cleanFrames : 1 + random.below(80);
    for (let place = 0; place < frames; place++) {
      sent.push({ spurt, isLast: place === frames - 1, sentStep: step, timestamp });
      step += steps;
      timestamp = (timestamp + steps * stepSamples) >>> 0;
    }
    const pause = spurt === spurts - 2 ? cleanPauseSteps : steps * (1 + random.below(60));
    step += pause;
    timestamp = random.chance(0.1) ? random.nextUint32() : (timestamp + pause * stepSamples) >>> 0;
  }
  return sent;
}

/** @returns by step what arrives: with loss, duplicates, jitter, perhaps a network that stalls */
function deliver(random: SeededRandom, sent: readonly Sent[]): Map<number, number[]> {
  const arrivals = new Map<number, number[]>();
  const [loss, double] = [random.below(30) / 100, random.below(20) / 100];
  const delayMax = 1 + random.below(15);
  const stallStart = random.chance(0.4) ? random.below(400) : Infinity;
  const stallEnd = stallStart + random.below(150);
  sent.forEach(({ spurt, sentStep }, counter) => {
    const isClean = spurt === sent.at(-1)!.spurt;
    const isStalled = !isClean && sentStep >= stallStart && sentStep < stallEnd;
    if (!isClean && random.chance(loss)) return;
    for (let copy = 0; copy < (!isClean && random.chance(double) ? 2 : 1); copy++) {
      const delay = isClean ? 0 : random.below(delayMax);
      const step = isStalled ? stallEnd : sentStep + delay;
      arrivals.set(step, [...(arrivals.get(step) ?? []), counter]);
    }
  });
  return arrivals;
}

function assert(condition: boolean, property: string): asserts condition {
  if (!condition) throw new Error(`broken: ${property}`);
}

function playConversation(seed: number): JitterBuffer {
  const random = new SeededRandom(seed);
  const { steps, toc, lbrr } = silkFrames[seed % silkFrames.length]!;
  const hasFec = random.chance(0.5);
  const sent = send(random, steps);
  const arrivals = deliver(random, sent);
  const buffer = new JitterBuffer(liveJitterLimits);
  const arrived = new Set<number>();
  const cleanFrom = sent.length - cleanFrames;
  let [last, rest, concealed, cleanPlayed, endStep] = [-1, 0, 0, 0, 0];
  for (let step = 0; step < sent.at(-1)!.sentStep + 300; step++) {
    for (const counter of arrivals.get(step) ?? []) {
      const { timestamp, isLast } = sent[counter]!;
      const payload = Uint8Array.of(toc, hasFec ? lbrr : 0, counter >> 8, counter & 0xff);
      buffer.push(step, counter, timestamp, isLast, payload, 0, payload.length);
      arrived.add(counter);
    }
    assert(buffer.buffered <= liveJitterLimits.capacityFrames, 'is bounded');
    if (step === sent[cleanFrom]!.sentStep - 1) assert(buffer.isIdle, 'comes to rest in a pause');
    const action = buffer.step(step);
    buffer.stretched(buffer.stretchSamples);
    const isGoingOn = action === PlayoutAction.Rest;
    assert(isGoingOn === rest > 0, 'goes on as long as it said');
    const counter = (buffer.payload[2]! << 8) | buffer.payload[3]!;
    if (action === PlayoutAction.Frame || action === PlayoutAction.Fec) {
      const played = action === PlayoutAction.Fec ? counter - 1 : counter;
      assert(arrived.has(counter), 'plays only what arrived');
      assert(played > last, 'plays in order, and nothing twice');
      assert(action === PlayoutAction.Frame || sent[played]!.spurt === sent[counter]!.spurt, 'FEC');
      last = played;
      concealed = 0;
      if (last >= cleanFrom) cleanPlayed++;
      endStep = step;
    } else if (action === PlayoutAction.Conceal) {
      assert(last >= 0 && !sent[last]!.isLast, 'conceals no silence');
      assert(++concealed <= liveJitterLimits.concealStepsMax, 'gives up in time');
    }
    const hasBegun = action !== PlayoutAction.Silence && !isGoingOn;
    rest =
      (hasBegun ? buffer.soundSamples / stepSamples : rest) + buffer.stretchSamples / stepSamples;
    rest = Math.max(0, rest - 1);
  }
  assert(cleanPlayed === cleanFrames, 'recovers');
  const delay = endStep - sent.at(-1)!.sentStep;
  // The depth is counted from the usual lateness, which trouble before may have raised.
  assert(delay <= 2 * liveJitterLimits.depthSteps, 'adds a bounded delay');
  return buffer;
}

test('keeps its promises with an adaptive delay, whatever the network does', () => {
  const totals = { played: 0, recovered: 0, concealed: 0, late: 0 };
  for (let seed = 1; seed <= 800; seed++) {
    try {
      const { counts } = playConversation(seed);
      totals.played += counts.framesPlayed;
      totals.recovered += counts.framesRecovered;
      totals.concealed += counts.framesConcealed;
      totals.late += counts.packetsLate;
    } catch (cause) {
      throw new Error(`seed ${seed}: ${(cause as Error).message}`, { cause });
    }
  }
  // Few are late where the delay follows the network; some have to be for this to be a test of it.
  for (const count of Object.values(totals)) expect(count).toBeGreaterThan(50);
});

test.each([200, -200])('an hour of %i ppm of drift is never heard', (ppm) => {
  const buffer = new JitterBuffer(liveJitterLimits);
  const payload = Uint8Array.of(0x08, 0);
  const frames = 180_000;
  let [next, bufferedMax] = [0, 0];
  for (let step = 0; next < frames; step++) {
    for (; (next * 2) / (1 + ppm * 1e-6) <= step; next++) {
      const at = (next * 2) / (1 + ppm * 1e-6);
      buffer.push(at, next, (next * 960) >>> 0, false, payload, 0, payload.length);
    }
    buffer.step(step);
    buffer.stretched(buffer.stretchSamples);
    bufferedMax = Math.max(bufferedMax, buffer.buffered);
  }
  expect(bufferedMax).toBeLessThan(5);
  expect(buffer.counts.framesConcealed).toBe(0);
  expect(buffer.counts.framesPlayed).toBeGreaterThan(frames - 5);
});
