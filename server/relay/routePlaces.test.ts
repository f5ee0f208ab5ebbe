import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { makeToken, tokenSlot } from '@rookery/schemas/voicePacket';
import { RoutePlaces } from './routePlaces.js';

test.each([1, 2, 3])('places are found as they were put, by token and slot (seed %i)', (seed) => {
  const random = new SeededRandom(seed);
  const places = new RoutePlaces();
  for (let round = 0; round < 40; round++) {
    const where = `seed ${seed}, round ${round}`;
    const count = random.below(round % 5 === 0 ? 600 : 20);
    places.reset(count);
    // By slot; generations above 2^11 make tokens above 2^31.
    const model = new Map<number, { token: number; place: number }>();
    while (model.size < count) {
      const slot = random.chance(0.5) ? random.below(1_000) : random.below(2 ** 20);
      const token = makeToken(slot, 1 + random.below(4_095));
      const place = random.below(1_000);
      places.put(token, place);
      model.set(slot, { token, place });
    }
    for (const { token, place } of model.values()) {
      expect(places.placeOf(token), where).toBe(place);
      expect(places.tokenInSlot(tokenSlot(token)), where).toBe(token);
      expect(places.placeOf(token ^ 0x100000), where).toBeLessThan(0);
    }
    const absent = random.below(2 ** 20);
    if (!model.has(absent)) expect(places.tokenInSlot(absent), where).toBe(0);
  }
});
