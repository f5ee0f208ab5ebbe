import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  frameSamples,
  hopTagBytes,
  sealBytes,
  VoiceKind,
  voiceHeaderBytes,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import { newUuid } from '@rookery/schemas/uuid';
import { voiceLimits, type VoiceLimits } from '@rookery/server/limits';
import { QuicOutlet } from '@rookery/server/relay/quicOutlet';
import { outgoingBytesOf, Relay } from '@rookery/server/relay/relay';
import { CounterTotals } from '@rookery/server/tables/counterTable';
import { attachRelayTables, type RelayTables } from '@rookery/server/tables/relayTables';
import { VoiceTables } from '@rookery/server/tables/voiceTables';
import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { makePackedAddress, parsePackedAddress } from '@rookery/transport/packedAddress';

/** Opus bytes of a frame at the usual bitrate. */
const payloadBytes = 120;
const packetBytes = voiceHeaderBytes + payloadBytes + sealBytes + hopTagBytes;
const workers = 1;
const hopKey = new Uint8Array(16).fill(3);

/** A session of the workbench, and the packet that it sends again and again with new counters. */
export interface Speaker {
  readonly token: number;
  /** Source address, five words. */
  readonly address: Int32Array;
  readonly packet: Uint8Array;
  counter: number;
}

/** The relay's core on full tables, with neither kernel nor threads. */
export interface RelayWorkbench {
  readonly limits: VoiceLimits;
  readonly tables: RelayTables;
  readonly relay: Relay;
  /** One element: the time of the packets that are handed over, milliseconds. */
  readonly nowMs: Float64Array;
  /** The first member of each room. */
  readonly speakers: readonly Speaker[];
}

/** Rooms of equal size; everybody has sent a Ping from an address of their own. */
export function openRelayWorkbench(rooms: number, membersPerRoom: number): RelayWorkbench {
  const limits = voiceLimits;
  const main = new VoiceTables(limits, workers);
  const totals = new CounterTotals(workers);
  const tables = attachRelayTables(main.memory, totals.memory, limits, 0);
  const nowMs = Float64Array.of(1_000);
  const ring = new SpscRecordRing(createRecordRing(limits.ringBytes));
  const relay = new Relay({
    tables,
    limits,
    socket: new SilentSocket(outgoingBytesOf(limits)),
    quic: new QuicOutlet(ring, limits.sessionsMax),
    peers: [],
    bundleWindowMsMax: 0,
    clock: { nowMs, epochMs: 0, read: () => undefined },
  });
  const speakers: Speaker[] = [];
  for (let room = 0; room < rooms; room++) {
    const roomId = newUuid();
    for (let member = 0; member < membersPerRoom; member++) {
      const token = main.addSession(hopKey);
      main.moveSession(token, roomId);
      const speaker = makeSpeaker(token, room * membersPerRoom + member);
      relay.receive(speaker.packet, writePing(speaker), speaker.address);
      if (member === 0) speakers.push(speaker);
    }
  }
  return { limits, tables, relay, nowMs, speakers };
}

/** Gives the speaker's packet its next counter and tags it. @returns its length */
export function nextPacket(speaker: Speaker): number {
  writeHeader(speaker, VoiceKind.Voice);
  return writeHopTag(speaker.packet, packetBytes - hopTagBytes, hopKey);
}

function writePing(speaker: Speaker): number {
  writeHeader(speaker, VoiceKind.Ping);
  return writeHopTag(speaker.packet, voiceHeaderBytes, hopKey);
}

function writeHeader(speaker: Speaker, kind: VoiceKind): void {
  const counter = ++speaker.counter;
  writeVoiceHeader(speaker.packet, 0, {
    token: speaker.token,
    counter,
    epoch: 0,
    kind,
    endOfSpurt: false,
    level: 8,
    timestamp: counter * frameSamples,
  });
}

/** What is sealed does not matter to the relay, which cannot open it. */
function makeSpeaker(token: number, number: number): Speaker {
  const address = makePackedAddress();
  const host = `10.${number >>> 16}.${(number >>> 8) & 0xff}.${number & 0xff}`;
  parsePackedAddress({ host, port: 40_000 }, address);
  return { token, address: address.words, packet: new Uint8Array(packetBytes), counter: 0 };
}

/** Takes everything and sends nothing. */
class SilentSocket implements FanOutSocket {
  readonly outgoing: Uint8Array;

  constructor(outgoingBytes: number) {
    this.outgoing = new Uint8Array(outgoingBytes);
  }

  openFanOut(): FanOut {
    return new SilentFanOut();
  }
}

class SilentFanOut implements FanOut {
  count = 0;

  resize(count: number): void {
    this.count = count;
  }

  setAddress(): void {
    // Nobody is sent to.
  }

  replace(): void {
    // As above.
  }

  addPiece(): void {
    // As above.
  }

  send(_offset: number, _length: number, omitted: number): number {
    return omitted === nobody ? this.count : this.count - 1;
  }
}
