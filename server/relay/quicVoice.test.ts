import { describe, expect, test } from 'vitest';
import { defaultRoom } from '@rookery/schemas/protocol';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import {
  makeToken,
  readKind,
  readServerTimeUs,
  tokenSlot,
  VoiceKind,
} from '@rookery/schemas/voicePacket';
import { CounterTotals, counterTable } from '../tables/counterTable.js';
import type { StagePeer } from '../testing/relayStage.js';
import { RelayStage, stageLimits } from '../testing/relayStage.js';
import { QuicInlet, QuicOutlet } from './quicOutlet.js';
import { VoiceRings } from './voiceRings.js';

const relayed = (packet: Uint8Array): Uint8Array => packet.slice(0, packet.length - 8);

/** Two in a room who are heard over QUIC, and two on sockets. */
function mixedRoom() {
  const stage = new RelayStage(601);
  const onSockets = [stage.addSpeaker('lobby'), stage.addSpeaker('lobby')];
  const onQuic = [stage.addPeer(), stage.addPeer()];
  for (const peer of onQuic) {
    stage.tables.moveSession(peer.token, 'lobby');
    expect(stage.receiveOverQuic(peer.ping())).toHaveLength(1);
  }
  return { stage, onSockets, onQuic };
}

describe('a session that is heard over QUIC', () => {
  test('is answered there', () => {
    const { stage, onQuic } = mixedRoom();
    const [pong] = stage.receiveOverQuic(onQuic[0]!.ping());
    expect(pong!.token).toBe(onQuic[0]!.token);
    expect(readKind(pong!.bytes, 0)).toBe(VoiceKind.Pong);
    expect(readServerTimeUs(pong!.bytes)).toBe((stage.epochMs + stage.nowMs) * 1_000);
  });

  test('is heard by all, and hears all, as packets of the same bytes', () => {
    const { stage, onSockets, onQuic } = mixedRoom();
    stage.sent.length = 0;
    const fromQuic = onQuic[0]!.voice();
    const datagrams = stage.receiveOverQuic(fromQuic);
    expect(datagrams).toEqual([{ token: onQuic[1]!.token, bytes: relayed(fromQuic) }]);
    const heard = stage.sent.map(({ to, bytes }) => ({ to, bytes }));
    expect(heard).toEqual(
      onSockets.map(({ address }) => ({ to: address, bytes: relayed(fromQuic) })),
    );
    const fromSocket = onSockets[0]!.voice();
    expect(stage.receive(fromSocket, onSockets[0]!.address)).toHaveLength(1);
    expect(stage.takeDatagrams()).toEqual(
      onQuic.map(({ token }) => ({ token, bytes: relayed(fromSocket) })),
    );
  });

  test('is sent frame by frame what others get in a bundle, without its own', () => {
    const { stage, onSockets, onQuic } = mixedRoom();
    stage.sent.length = 0;
    const packets = onSockets.map((peer) => peer.voice());
    packets.forEach((packet, i) => stage.take(packet, onSockets[i]!.address));
    const before = stage.counters();
    const own = onQuic[0]!.voice();
    const datagrams = stage.receiveOverQuic(own);
    const bytesFor = ({ token }: StagePeer): Uint8Array[] =>
      datagrams.filter((datagram) => datagram.token === token).map(({ bytes }) => bytes);
    expect(bytesFor(onQuic[0]!)).toEqual(packets.map(relayed));
    expect(bytesFor(onQuic[1]!)).toEqual([...packets, own].map(relayed));
    // Two others for each on a socket, and the five.
    expect(stage.counters().framesOut - before.framesOut).toBe(2 * 2 + 5);
  });

  test('moves to a socket and back with its Pings', () => {
    const { stage, onSockets, onQuic } = mixedRoom();
    const [moving] = onQuic;
    stage.receive(moving!.ping(), moving!.address);
    expect(stage.receiveOverQuic(moving!.voice())).toEqual([]);
    expect(stage.counters().dropAddress).toBe(1);
    stage.sent.length = 0;
    stage.receive(onSockets[0]!.voice(), onSockets[0]!.address);
    expect(stage.sent.map(({ to }) => to)).toContainEqual(moving!.address);
    expect(stage.takeDatagrams().map(({ token }) => token)).toEqual([onQuic[1]!.token]);
    stage.receiveOverQuic(moving!.ping());
    stage.receive(onSockets[0]!.voice(), onSockets[0]!.address);
    expect(stage.takeDatagrams().map(({ token }) => token)).toEqual(
      onQuic.map(({ token }) => token),
    );
  });

  test('hears whispers', () => {
    const { stage, onSockets, onQuic } = mixedRoom();
    const [whisperer] = onSockets;
    const receivers = [onQuic[1]!.token, onSockets[1]!.token];
    stage.tables.whispers.set(1, whisperer!.token, receivers);
    const packet = whisperer!.whisper(1);
    const sent = stage.receive(packet, whisperer!.address);
    expect(sent.map(({ to }) => to)).toEqual([onSockets[1]!.address]);
    expect(stage.takeDatagrams()).toEqual([{ token: onQuic[1]!.token, bytes: relayed(packet) }]);
  });

  test('loses what does not fit the ring, which is counted', () => {
    const { stage, onSockets, onQuic } = mixedRoom();
    stage.tables.setRoomVoice('lobby', { ...defaultRoom, bitrate: 440_000 });
    stage.sent.length = 0;
    let frames = 0;
    while (stage.counters().dropRing === 0 && frames < 100_000) {
      stage.nowMs += 20;
      stage.receive(onSockets[0]!.voice({ payloadBytes: 1_000 }), onSockets[0]!.address);
      frames++;
    }
    expect(stage.counters().dropRing).toBe(onQuic.length);
    // Those on sockets have missed nothing.
    expect(stage.sent).toHaveLength(frames);
    expect(stage.takeDatagrams()).toHaveLength(2 * (frames - 1));
  });
});

describe('a ring of datagrams', () => {
  test('gives each datagram to all that it is for', () => {
    const ring = new SpscRecordRing(createRecordRing(1_024));
    const outlet = new QuicOutlet(ring, 100);
    const inlet = new QuicInlet(ring, 100);
    outlet.addReceiver(0xffff_ffff);
    outlet.addReceiver(7);
    expect(outlet.receiverCount).toBe(2);
    expect(outlet.send(Uint8Array.of(0, 1, 2, 3, 4), 1, 3)).toBe(true);
    expect(outlet.receiverCount).toBe(0);
    outlet.addReceiver(8);
    expect(outlet.send(Uint8Array.of(9), 0, 1)).toBe(true);
    const got: [number, number[]][] = [];
    expect(inlet.drain((token, packet) => got.push([token, [...packet]]))).toBe(true);
    expect(got).toEqual([
      [0xffff_ffff, [1, 2, 3]],
      [7, [1, 2, 3]],
      [8, [9]],
    ]);
    expect(inlet.drain(() => undefined)).toBe(false);
  });
});

describe('the main thread', () => {
  const workers = 2;
  function openRings() {
    const totals = new CounterTotals(workers);
    const woken: number[] = [];
    const sent: [number, number[]][] = [];
    const rings = new VoiceRings({
      workers,
      limits: { ...stageLimits, ringBytes: 2_048 },
      counters: counterTable.attach(totals.memory),
      activeWorkers: () => 2,
      wake: (worker) => woken.push(worker),
      sendDatagram: (token, packet) => sent.push([token, [...packet]]),
    });
    const ofWorker = rings.memory.map(({ toWorker }) => new SpscRecordRing(toWorker));
    return { rings, ofWorker, totals, woken, sent };
  }
  const packetOf = (token: number, bytes = 40): Uint8Array => {
    const packet = new Uint8Array(bytes);
    new DataView(packet.buffer).setUint32(0, token, true);
    return packet;
  };

  test('hands each session to its worker, and wakes one that may be waiting', () => {
    const { rings, ofWorker, woken } = openRings();
    const out = new Uint8Array(2_000);
    const tokens = [makeToken(4, 1), makeToken(5, 1), makeToken(6, 3)];
    for (const token of tokens) rings.push(token, packetOf(token));
    // The second to worker 0 came before the first was taken.
    expect(woken).toEqual([0, 1]);
    for (const token of tokens) {
      expect(ofWorker[tokenSlot(token) % workers]!.pop(out)).toBe(40);
      expect(out.subarray(0, 40)).toEqual(packetOf(token));
    }
    rings.push(tokens[0]!, packetOf(tokens[0]!));
    expect(woken).toEqual([0, 1, 0]);
    rings.close();
  });

  test('drops what names another session, is no packet, or does not fit', () => {
    const { rings, totals, ofWorker } = openRings();
    rings.push(makeToken(1, 1), packetOf(makeToken(2, 1)));
    rings.push(makeToken(1, 1), packetOf(makeToken(1, 1)).subarray(0, 15));
    expect(totals.read().dropAddress).toBe(2);
    expect(ofWorker.map((ring) => ring.header.used)).toEqual([0, 0]);
    for (let i = 0; i < 3; i++) rings.push(2, packetOf(2, 5_000));
    expect(totals.read().dropRing).toBe(2);
    rings.close();
  });

  test('sends what the workers put out', async () => {
    const { rings, sent } = openRings();
    const outlets = rings.memory.map(
      ({ toMain }) => new QuicOutlet(new SpscRecordRing(toMain), stageLimits.sessionsMax),
    );
    const expected: [number, number[]][] = [];
    for (let round = 0; round < 20; round++) {
      outlets.forEach((outlet, worker) => {
        outlet.addReceiver(100 + worker);
        expect(outlet.send(Uint8Array.of(round), 0, 1)).toBe(true);
        outlet.tellReader();
        expected.push([100 + worker, [round]]);
      });
      await expect.poll(() => sent.length, { interval: 1 }).toBe(expected.length);
    }
    expect(sent).toEqual(expected);
    rings.close();
  });
});
