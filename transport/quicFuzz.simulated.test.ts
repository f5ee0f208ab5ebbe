import { forEachFuzzCase, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, receivedBytes } from './testing/endpointPair.js';
import type { EndpointPair } from './testing/endpointPair.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';
import type { UdpAddress } from './udpSocket.js';

let simulation: Simulation;

/** Cases between two signs of life of the bystander. */
const casesPerRound = 500;

interface Sample {
  readonly packet: Uint8Array;
  readonly from: UdpAddress;
}

/** Every kind of packet that crosses the network in the life of a connection. */
function samplePackets(pair: EndpointPair): Sample[] {
  const samples: Sample[] = [];
  pair.network.onPacket = (packet, from) => samples.push({ packet: packet.slice(), from });
  const { onClient, onServer } = pair.connect();
  const stream = pair.client.endpoint.openBidi(onClient);
  pair.client.endpoint.write(onClient, stream, new Uint8Array(5000));
  pair.server.endpoint.write(onServer, pair.server.endpoint.openUni(onServer), new Uint8Array(500));
  pair.client.endpoint.sendDatagram(onClient, new Uint8Array(100));
  pair.network.run(1_000);
  pair.client.endpoint.close(onClient, 1, 'sampled');
  pair.network.run(500);
  pair.network.onPacket = () => undefined;
  return samples;
}

function damage(random: SeededRandom, sample: Sample): Uint8Array {
  // One in ten is noise that only begins like a packet.
  if (random.chance(0.9)) return mutateBytes(random, sample.packet);
  const noise = random.bytes(random.below(1300));
  noise.set(sample.packet.subarray(0, Math.min(noise.length, random.below(60))));
  return noise;
}

describe.skipIf(steppedClockObstacle !== null)('QUIC endpoint under damaged packets', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it(
    'never throws, and no other connection notices',
    () => {
      const pair = simulation.pair();
      const old = samplePackets(pair);
      const { onClient, onServer } = pair.connect();
      const stream = pair.client.endpoint.openUni(onClient);
      // Packets of the bystander itself, damaged on the way; the whole ones arrive too.
      const own: Sample[] = [];
      pair.network.onPacket = (packet, from) => {
        if (own.length < 100) own.push({ packet: packet.slice(), from });
      };
      let rounds = 0;
      forEachFuzzCase((random, index) => {
        const samples = own.length > 0 && random.chance(0.5) ? own : old;
        const sample = samples[random.below(samples.length)]!;
        const target = sample.from === pair.client.address ? pair.server : pair.client;
        const from = random.chance(0.8) ? sample.from : { host: '203.0.113.5', port: 7 };
        target.endpoint.receive(damage(random, sample), from, pair.network.nowMs);
        if (index % casesPerRound !== 0) return;
        rounds++;
        expect(pair.client.endpoint.write(onClient, stream, Uint8Array.of(rounds))).toBe(true);
        pair.network.run(1_000);
        own.length = 0;
      });
      pair.network.run(10_000);
      const alive = receivedBytes(pair.server, onServer, stream);
      expect([...alive]).toEqual(Array.from({ length: rounds }, (_, index) => (index + 1) % 256));
      expect(eventsOf(pair.server, 'closed', onServer)).toEqual([]);
      expect(eventsOf(pair.client, 'closed', onClient)).toEqual([]);
      expect(pair.server.endpoint.connectionCount).toBe(1);
    },
    fuzzTimeoutMs(),
  );
});
