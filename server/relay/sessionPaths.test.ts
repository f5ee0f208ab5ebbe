import { describe, expect, test } from 'vitest';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import type { StagePeer } from '../testing/relayStage.js';
import { RelayStage } from '../testing/relayStage.js';
import { pathTable } from '../tables/pathTable.js';

const elsewhere: UdpAddress = { host: '192.0.2.66', port: 6_666 };

/** Two workers; both peers were heard by the first. */
function twoWorkers(): { stage: RelayStage; speaker: StagePeer; listener: StagePeer } {
  const stage = new RelayStage(301, { workers: 2 });
  return { stage, speaker: stage.addSpeaker('lobby'), listener: stage.addSpeaker('lobby') };
}

describe('a session that comes to another worker', () => {
  test('is heard there from the address that it had, and not twice', () => {
    const { stage, speaker, listener } = twoWorkers();
    const packet = speaker.voice();
    expect(stage.receive(packet, speaker.address)).toHaveLength(1);
    expect(stage.receive(packet, speaker.address, 1)).toEqual([]);
    expect(stage.counters().dropReplay).toBe(1);
    const [sent] = stage.receive(speaker.voice(), speaker.address, 1);
    expect(sent!.to).toEqual(listener.address);
    // Nor what the second worker has taken, at the first.
    const atSecond = speaker.voice();
    stage.receive(atSecond, speaker.address, 1);
    expect(stage.receive(atSecond, speaker.address)).toEqual([]);
    expect(stage.counters().dropReplay).toBe(2);
  });

  test('is at the address of its latest Ping, for both workers', () => {
    const { stage, speaker, listener } = twoWorkers();
    stage.receive(listener.ping(), elsewhere, 1);
    for (const worker of [0, 1]) {
      const [sent] = stage.receive(speaker.voice(), speaker.address, worker);
      expect(sent!.to, `worker ${worker}`).toEqual(elsewhere);
    }
    expect(stage.receive(listener.voice(), listener.address)).toEqual([]);
    expect(stage.counters().dropAddress).toBe(1);
    expect(stage.receive(listener.voice(), elsewhere, 1)).toHaveLength(1);
    // And back again.
    stage.receive(listener.ping(), listener.address);
    const [back] = stage.receive(speaker.voice(), speaker.address, 1);
    expect(back!.to).toEqual(listener.address);
  });

  test('is not taken away by a Ping that another worker has answered', () => {
    const { stage, speaker, listener } = twoWorkers();
    const ping = listener.ping();
    expect(stage.receive(ping, listener.address)).toHaveLength(1);
    expect(stage.receive(ping, elsewhere, 1)).toEqual([]);
    expect(stage.receive(speaker.voice(), speaker.address)[0]!.to).toEqual(listener.address);
  });

  test('is not taken away by a Ping that was held back and is older than its voice', () => {
    const { stage, speaker, listener } = twoWorkers();
    const heldBack = listener.ping();
    stage.receive(listener.voice(), listener.address);
    expect(stage.receive(heldBack, elsewhere, 1)).toEqual([]);
    expect(stage.receive(speaker.voice(), speaker.address)[0]!.to).toEqual(listener.address);
  });

  test('may be heard first by a worker that others have not', () => {
    const stage = new RelayStage(302, { workers: 3 });
    const first = stage.addPeer();
    const second = stage.addPeer();
    stage.tables.moveSession(first.token, 'lobby');
    stage.tables.moveSession(second.token, 'lobby');
    stage.receive(first.ping(), first.address, 1);
    stage.receive(second.ping(), second.address, 2);
    expect(stage.receive(first.voice(), first.address, 0)[0]!.to).toEqual(second.address);
    expect(stage.receive(second.voice(), second.address, 1)[0]!.to).toEqual(first.address);
  });
});

test('an address that is being written all the time drops the packet, and is tried again', () => {
  const { stage, speaker, listener } = twoWorkers();
  const { groups } = pathTable.attach(stage.tables.memory.paths[0]!);
  groups.worker.writeRow(tokenSlot(speaker.token), () => {
    expect(stage.receive(speaker.voice(), speaker.address, 1)).toEqual([]);
    expect(stage.receive(speaker.ping(), speaker.address, 1)).toEqual([]);
  });
  expect(stage.counters().dropRace).toBe(2);
  groups.worker.writeRow(tokenSlot(listener.token), () => {
    expect(stage.receive(speaker.voice(), speaker.address, 1)).toEqual([]);
  });
  expect(stage.receive(speaker.voice(), speaker.address, 1)).toHaveLength(1);
});
