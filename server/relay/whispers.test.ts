import { describe, expect, test } from 'vitest';
import { VoiceKind } from '@rookery/schemas/voicePacket';
import { listTable } from '../tables/receiverLists.js';
import type { StagePeer } from '../testing/relayStage.js';
import { counted, RelayStage, stageLimits } from '../testing/relayStage.js';

const noFlags = { muted: false, deafened: false, suppressed: false };
const listId = 3;

/** A whisperer with a list, two whom it names, and one in its own room whom it does not. */
function whisperStage() {
  const stage = new RelayStage(501);
  const whisperer = stage.addSpeaker('lobby');
  const bystander = stage.addSpeaker('lobby');
  const friends = [stage.addSpeaker('library'), stage.addSpeaker('kitchen')];
  const set = (receivers: readonly StagePeer[]): void =>
    stage.tables.whispers.set(
      listId,
      whisperer.token,
      receivers.map(({ token }) => token),
    );
  set(friends);
  const heardBy = (packet: Uint8Array, speaker = whisperer): string[] =>
    stage
      .receive(packet, speaker.address)
      .map(({ to }) => `${to.host} ${to.port}`)
      .sort();
  return { stage, whisperer, bystander, friends, set, heardBy };
}
const hostsOf = (peers: readonly StagePeer[]): string[] =>
  peers.map(({ address }) => `${address.host} ${address.port}`).sort();

describe('a whisper', () => {
  test('goes as it is to all on its list, and to nobody else', () => {
    const { stage, whisperer, friends } = whisperStage();
    const before = stage.counters();
    const packet = whisperer.whisper(listId);
    const sent = stage.receive(packet, whisperer.address);
    expect(sent.map(({ to }) => to)).toEqual(friends.map(({ address }) => address));
    for (const { bytes } of sent) expect(bytes).toEqual(packet.subarray(0, packet.length - 8));
    expect(counted(before, stage.counters())).toEqual({
      packetsIn: 1,
      bytesIn: packet.length,
      framesIn: 1,
      framesOut: 2,
      packetsOut: 2,
      bytesOut: 2 * (packet.length - 8),
    });
  });

  test('does not need a room, nor leave to speak in one', () => {
    const { stage, whisperer, friends, heardBy } = whisperStage();
    stage.tables.setFlags(whisperer.token, { ...noFlags, suppressed: true });
    expect(heardBy(whisperer.whisper(listId))).toEqual(hostsOf(friends));
    stage.tables.moveSession(whisperer.token, null);
    expect(heardBy(whisperer.whisper(listId))).toEqual(hostsOf(friends));
  });

  test('follows its list', () => {
    const { whisperer, bystander, friends, set, heardBy } = whisperStage();
    heardBy(whisperer.whisper(listId));
    set([bystander, friends[1]!]);
    expect(heardBy(whisperer.whisper(listId))).toEqual(hostsOf([bystander, friends[1]!]));
    set([]);
    expect(heardBy(whisperer.whisper(listId))).toEqual([]);
  });

  test('does not come back to its sender, nor reach the deafened and those who left', () => {
    const { stage, whisperer, friends, set, heardBy } = whisperStage();
    set([whisperer, ...friends]);
    expect(heardBy(whisperer.whisper(listId))).toEqual(hostsOf(friends));
    stage.tables.setFlags(friends[0]!.token, { ...noFlags, deafened: true });
    expect(heardBy(whisperer.whisper(listId))).toEqual(hostsOf([friends[1]!]));
    stage.tables.removeSession(friends[1]!.token);
    expect(heardBy(whisperer.whisper(listId))).toEqual([]);
  });

  test('is dropped where the sender has no such list', () => {
    const { stage, whisperer, bystander, heardBy } = whisperStage();
    const missing = [0, 1, 2, 4, stageLimits.whisperListsMax, stageLimits.whisperListsMax + 1];
    for (const id of [...missing, 0xffff_ffff]) {
      expect(heardBy(whisperer.whisper(id)), `list ${id}`).toEqual([]);
    }
    expect(heardBy(bystander.whisper(listId), bystander)).toEqual([]);
    expect(stage.counters().dropWhisperList).toBe(missing.length + 2);
    stage.tables.whispers.remove(listId);
    expect(heardBy(whisperer.whisper(listId))).toEqual([]);
    expect(stage.counters().dropWhisperList).toBe(missing.length + 3);
  });

  test('reaches nobody of a list that was given to another', () => {
    const { stage, whisperer, bystander, friends, heardBy } = whisperStage();
    heardBy(whisperer.whisper(listId));
    stage.tables.whispers.remove(listId);
    stage.tables.whispers.set(listId, bystander.token, [friends[0]!.token]);
    expect(heardBy(whisperer.whisper(listId))).toEqual([]);
    expect(heardBy(bystander.whisper(listId), bystander)).toEqual(hostsOf([friends[0]!]));
  });

  test('is checked like voice', () => {
    const { stage, whisperer, friends, heardBy } = whisperStage();
    const packet = whisperer.whisper(listId);
    const forged = packet.slice();
    forged[17]! ^= 1;
    expect(heardBy(forged)).toEqual([]);
    expect(heardBy(packet)).toEqual(hostsOf(friends));
    expect(heardBy(packet)).toEqual([]);
    expect(stage.receive(whisperer.whisper(listId), friends[0]!.address)).toEqual([]);
    expect(heardBy(whisperer.voice({ kind: VoiceKind.Whisper, payloadBytes: 3 }))).toEqual([]);
    stage.tables.setFlags(whisperer.token, { ...noFlags, muted: true });
    expect(heardBy(whisperer.whisper(listId))).toEqual([]);
    expect(stage.counters()).toMatchObject({
      dropHopTag: 1,
      dropReplay: 1,
      dropAddress: 1,
      dropShort: 1,
      dropMuted: 1,
    });
  });

  test('is dropped where its list is being written all the time', () => {
    const { stage, whisperer, friends, heardBy } = whisperStage();
    const { groups } = listTable.attach(stage.tables.memory.whispers.lists.rows);
    groups.main.writeRow(listId - 1, () => {
      expect(heardBy(whisperer.whisper(listId))).toEqual([]);
    });
    expect(stage.counters().dropRace).toBe(1);
    expect(heardBy(whisperer.whisper(listId))).toEqual(hostsOf(friends));
  });
});

test('a whisper list beyond the tables is a bug to name', () => {
  const { stage, whisperer } = whisperStage();
  for (const id of [0, stageLimits.whisperListsMax + 1]) {
    expect(() => stage.tables.whispers.set(id, whisperer.token, [])).toThrow(/whisper list/);
  }
});
