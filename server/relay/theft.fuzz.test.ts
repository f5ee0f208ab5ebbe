import { expect, test } from 'vitest';
import { forEachFuzzCase, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import { VoiceKind } from '@rookery/schemas/voicePacket';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import type { StagePeer } from '../testing/relayStage.js';
import { RelayStage } from '../testing/relayStage.js';

const workers = 2;
const thief: UdpAddress = { host: '198.51.100.9', port: 9 };

/** A packet as somebody on the path may send it, and from where. */
interface Attempt {
  readonly packet: Uint8Array;
  readonly from: UdpAddress;
  readonly worker: number;
}

/** Three who speak, and an attacker who has seen every packet of theirs, and holds some back. */
class Theft {
  readonly stage = new RelayStage(801, { workers });
  readonly #peers: readonly StagePeer[];
  readonly #seen: Uint8Array[] = [];
  #forgedCounter = 2 ** 40;

  constructor() {
    const { stage } = this;
    this.#peers = Array.from({ length: 3 }, () => stage.addSpeaker('lobby'));
    for (const peer of this.#peers) stage.tables.whispers.set(1, peer.token, [peer.token]);
    this.speak();
  }

  /** Each speaks and pings, some of it by way of the other worker; one Ping each never arrives. */
  speak(): void {
    const { stage } = this;
    stage.nowMs += 100;
    this.#peers.forEach((peer, i) => {
      const heldBack = peer.ping();
      const packets = [peer.voice(), peer.ping(), peer.voice()];
      packets.forEach((packet, j) => stage.receive(packet, peer.address, (i + j) % workers));
      this.#seen.push(heldBack, ...packets);
    });
    this.#seen.splice(0, this.#seen.length - 120);
  }

  attempt(random: SeededRandom): Attempt {
    const worker = random.below(workers);
    const peer = this.#peers[random.below(this.#peers.length)]!;
    const from = random.chance(0.5) ? peer.address : thief;
    const seen = this.#seen[random.below(this.#seen.length)]!;
    const packet = seen.slice();
    switch (random.below(4)) {
      case 0:
        // As it was, from anywhere.
        break;
      case 1:
        packet[random.below(packet.length)]! ^= 1 << random.below(8);
        break;
      case 2:
        return { packet: this.#forge(peer, random), from, worker };
      default:
        // Genuine and new, but from elsewhere, or with another member's tag.
        return random.chance(0.5)
          ? { packet: peer.voice(), from: thief, worker }
          : { packet: this.#stolen(peer), from: peer.address, worker };
    }
    return { packet, from, worker };
  }

  /** A packet with a counter that is new, and a tag that is guessed. */
  #forge(peer: StagePeer, random: SeededRandom): Uint8Array {
    const choice = { counter: ++this.#forgedCounter };
    const packet = random.chance(0.5) ? peer.ping(choice) : peer.voice(choice);
    packet.set(random.bytes(8), packet.length - 8);
    return packet;
  }

  /** A packet in another's name. */
  #stolen(peer: StagePeer): Uint8Array {
    const victim = this.#peers.find((other) => other !== peer)!;
    const choice = { token: victim.token, counter: ++this.#forgedCounter };
    const packet = peer.voice({ ...choice, kind: VoiceKind.Voice });
    writeHopTag(packet, packet.length - 8, peer.hopKey);
    return packet;
  }
}

test(
  'nothing that was tampered with, replayed or stolen is delivered or answered',
  { timeout: 4 * fuzzTimeoutMs() },
  () => {
    const theft = new Theft();
    let tried = 0;
    forEachFuzzCase((random) => {
      if (tried++ % 500 === 0) theft.speak();
      const { packet, from, worker } = theft.attempt(random);
      const sent = theft.stage.receive(packet, from, worker);
      if (sent.length > 0) throw new Error(`relayed ${Buffer.from(packet).toString('hex')}`);
    });
    const { framesIn, dropHopTag, dropReplay, dropAddress } = theft.stage.counters();
    expect(framesIn).toBeGreaterThan(0);
    for (const drops of [dropHopTag, dropReplay, dropAddress]) {
      expect(drops).toBeGreaterThan(tried / 20);
    }
  },
);
