import { expect, test } from 'vitest';
import { forEachFuzzCase } from '@rookery/schemas/testing/fuzzCases';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { RelayStage } from '../testing/relayStage.js';

/** Drops of all reasons. */
function drops(stage: RelayStage): number {
  return Object.entries(stage.counters())
    .filter(([name]) => name.startsWith('drop'))
    .reduce((sum, [, count]) => sum + count, 0);
}

test('relays none of the garbage, damage and theft that it is sent, and goes on', () => {
  const stage = new RelayStage(41);
  const speaker = stage.addSpeaker('lobby');
  const listener = stage.addSpeaker('lobby');
  const genuine = [speaker.voice(), speaker.ping(), listener.voice(), listener.ping()];
  const seen = new Set<string>();
  let dropped = drops(stage);

  const badPacket = (random: SeededRandom): Uint8Array => {
    const original = genuine[random.below(genuine.length)]!;
    if (random.chance(0.2)) return random.bytes(1 + random.below(1_500));
    const damaged = mutateBytes(random, original);
    return Buffer.compare(damaged, original) === 0 ? Uint8Array.of(1) : damaged;
  };

  forEachFuzzCase((random) => {
    const packet = badPacket(random);
    const from = random.chance(0.5) ? speaker.address : { host: '198.51.100.9', port: 9 };
    const sent = stage.receive(packet, from);
    if (sent.length > 0) throw new Error(`relayed ${Buffer.from(packet).toString('hex')}`);
    const now = drops(stage);
    const expected = packet.length === 0 ? 0 : 1;
    if (now - dropped !== expected) throw new Error(`${now - dropped} drops for one packet`);
    dropped = now;
    for (const [name, count] of Object.entries(stage.counters())) if (count > 0) seen.add(name);
  });

  // The run reached past the first checks, and both can still talk.
  for (const reason of ['dropShort', 'dropOversized', 'dropKind', 'dropHopTag', 'dropAddress']) {
    expect(seen).toContain(reason);
  }
  expect(stage.receive(genuine[0]!, speaker.address)).toHaveLength(1);
  expect(stage.receive(genuine[2]!, listener.address)).toHaveLength(1);
});
