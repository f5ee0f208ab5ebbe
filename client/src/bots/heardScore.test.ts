import { describe, expect, test } from 'vitest';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { OpusDecoder } from '../engine/audio/opusCodec.js';
import { OpusLibrary } from '../engine/audio/opusLibrary.js';
import { encodeSound } from './encodeSoundWorker.js';
import { addHeard, HeardScore } from './heardScore.js';
import { framesOf, payloadOf, type SpokenSound } from './spokenSound.js';

const sound: SpokenSound = await encodeSound(null);
/** Somewhere in the middle, where somebody speaks. */
const first = sound.levels.findIndex((level, frame) => frame > 50 && level > 8);

function listener(): HeardScore {
  return new HeardScore(sound, new OpusDecoder(new OpusLibrary()));
}

/** Says some frames, counted from `first`, near the end of what a timestamp counts. */
function say(score: HeardScore, places: readonly number[]): void {
  for (const place of places) {
    const timestamp = (0xffff_ff00 + place * frameSamples) >>> 0;
    score.take(timestamp, payloadOf(sound, (first + place) % framesOf(sound)));
  }
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_place, place) => place);

describe('a listener that compares what it hears', () => {
  test('finds everything alike, from the middle on and through the end of the sound', () => {
    const score = listener();
    const frames = framesOf(sound) + 30;
    say(score, upTo(frames));
    expect(score.result).toEqual({ alike: frames, missing: 0, outOfOrder: 0, different: 0 });
  });

  test('counts what never came, and finds the rest alike', () => {
    const score = listener();
    say(
      score,
      upTo(200).filter((place) => place < 60 || place >= 65),
    );
    expect(score.result).toEqual({ alike: 195, missing: 5, outOfOrder: 0, different: 0 });
  });

  test('counts what came twice or too late', () => {
    const score = listener();
    say(score, [...upTo(50), 49, 51, 50, 52]);
    expect(score.result).toMatchObject({ missing: 1, outOfOrder: 2 });
  });

  test('notices frames of another place of the sound', () => {
    const score = listener();
    say(score, upTo(40));
    for (let place = 40; place < 140; place++) {
      const other = payloadOf(sound, (first + place + 117) % framesOf(sound));
      score.take((0xffff_ff00 + place * frameSamples) >>> 0, other);
    }
    expect(score.result.different).toBeGreaterThan(50);
    expect(addHeard([score.result])!.share).toBeLessThan(0.7);
  });

  test('has heard nothing where nobody spoke', () => {
    expect(addHeard([listener().result])).toMatchObject({ listeners: 1, share: 0 });
    expect(addHeard([])).toBeNull();
  });
});
