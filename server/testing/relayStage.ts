import { sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  sealBytes,
  voiceHeaderBytes,
  VoiceKind,
  voicePacketBytesMax,
  whisperHeaderBytes,
  writeListId,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { makePackedAddress, parsePackedAddress } from '@rookery/transport/packedAddress';
import { PortableBatchSocket } from '@rookery/transport/portableBatchSocket';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import type { VoiceLimits } from '../limits.js';
import { voiceLimits } from '../limits.js';
import { createPeerRings } from '../relay/peerFrames.js';
import { QuicInlet, QuicOutlet } from '../relay/quicOutlet.js';
import { outgoingBytesOf, Relay } from '../relay/relay.js';
import type { VoiceCounters, VoiceHistograms } from '../tables/counterTable.js';
import { CounterTotals } from '../tables/counterTable.js';
import { quicAddress } from '../tables/pathTable.js';
import { attachRelayTables } from '../tables/relayTables.js';
import { VoiceTables } from '../tables/voiceTables.js';

/** Payload of the longest packet that a client may send. */
export const longestPayloadBytes = voicePacketBytesMax - voiceHeaderBytes - sealBytes - hopTagBytes;

/** Tables small enough that a test fills them, budgets as in production. */
export const stageLimits: VoiceLimits = { ...voiceLimits, sessionsMax: 64, roomsMax: 8 };

export const roomIds = ['lobby', 'library', 'kitchen', 'garden'] as const;

/** What a test may want otherwise in a packet. */
export interface PacketChoice {
  readonly kind?: VoiceKind;
  readonly counter?: number;
  readonly token?: number;
  readonly payloadBytes?: number;
  readonly level?: number;
}

/** A client's side of voice: makes the packets that a real one would send. */
export class VoicePeer {
  readonly roomKey = new Uint8Array(32).fill(7);
  #counter = 0;

  constructor(
    readonly token: number,
    readonly hopKey: Uint8Array,
  ) {}

  ping(choice: PacketChoice = {}): Uint8Array {
    const packet = new Uint8Array(voiceHeaderBytes + 8);
    this.#writeHeader(packet, { kind: VoiceKind.Ping, ...choice });
    writeHopTag(packet, voiceHeaderBytes, this.hopKey);
    return packet;
  }

  whisper(listId: number, choice: PacketChoice = {}): Uint8Array {
    const payloadBytes = choice.payloadBytes ?? 60;
    const packet = new Uint8Array(whisperHeaderBytes + payloadBytes + 16 + 8);
    this.#writeHeader(packet, { kind: VoiceKind.Whisper, ...choice });
    writeListId(packet, 0, listId);
    const sealed = sealFrame(packet, payloadBytes, this.roomKey, whisperHeaderBytes);
    writeHopTag(packet, sealed, this.hopKey);
    return packet;
  }

  voice(choice: PacketChoice = {}): Uint8Array {
    const payloadBytes = choice.payloadBytes ?? 60;
    const packet = new Uint8Array(voiceHeaderBytes + payloadBytes + 16 + 8);
    this.#writeHeader(packet, choice);
    writeHopTag(packet, sealFrame(packet, payloadBytes, this.roomKey), this.hopKey);
    return packet;
  }

  #writeHeader(packet: Uint8Array, choice: PacketChoice): void {
    const counter = choice.counter ?? ++this.#counter;
    writeVoiceHeader(packet, 0, {
      token: choice.token ?? this.token,
      counter,
      epoch: 0,
      kind: choice.kind ?? VoiceKind.Voice,
      endOfSpurt: false,
      level: choice.level ?? 9,
      timestamp: counter * 960,
    });
  }
}

/** A peer of the stage, which has no sockets: its address is made up. */
export class StagePeer extends VoicePeer {
  constructor(
    token: number,
    hopKey: Uint8Array,
    readonly address: UdpAddress,
  ) {
    super(token, hopKey);
  }
}

export interface SentPacket {
  readonly to: UdpAddress;
  readonly bytes: Uint8Array;
}

export interface SentDatagram {
  readonly token: number;
  readonly bytes: Uint8Array;
}

export interface StageOptions {
  readonly limits?: VoiceLimits;
  /** Relays on the same tables, as workers are; 1 where it is left out. */
  readonly workers?: number;
  readonly bundleWindowMs?: number;
}

/** Relays with their tables and a stepped clock, and no socket: what they send is written down. */
export class RelayStage {
  readonly tables: VoiceTables;
  readonly sent: SentPacket[] = [];
  /** What makes the clock's time that since 1970. */
  readonly epochMs = 1_790_000_000_000;
  readonly #nowMs = Float64Array.of(1_000);
  readonly #limits: VoiceLimits;
  readonly #bundleWindowMs: number;
  readonly #totals: CounterTotals;
  readonly #random: SeededRandom;
  readonly #relays: Relay[];
  readonly #peerRings: ReturnType<typeof createPeerRings>;
  readonly #rings: readonly SpscRecordRing[];
  readonly #from = makePackedAddress();
  #peers = 0;

  constructor(seed: number, options: StageOptions = {}) {
    const workers = options.workers ?? 1;
    this.#limits = options.limits ?? stageLimits;
    this.#bundleWindowMs = options.bundleWindowMs ?? 0;
    this.#random = new SeededRandom(seed);
    this.tables = new VoiceTables(this.#limits, workers);
    this.#totals = new CounterTotals(workers);
    this.#rings = Array.from(
      { length: workers },
      () => new SpscRecordRing(createRecordRing(this.#limits.ringBytes)),
    );
    this.#peerRings = createPeerRings(workers);
    this.#relays = Array.from({ length: workers }, (_relay, index) => this.#makeRelay(index));
  }

  get nowMs(): number {
    return this.#nowMs[0]!;
  }

  set nowMs(nowMs: number) {
    this.#nowMs[0] = nowMs;
  }

  /** A new session, whose address the relay does not know yet. */
  addPeer(): StagePeer {
    const hopKey = this.#random.bytes(16);
    const token = this.tables.addSession(hopKey);
    const number = ++this.#peers;
    const host = number % 2 === 0 ? `10.0.0.${number}` : `2001:db8:0:0:0:0:0:${number}`;
    return new StagePeer(token, hopKey, { host, port: 40_000 + number });
  }

  /** A session that the relay has heard, in a room. */
  addSpeaker(roomId: string): StagePeer {
    const peer = this.addPeer();
    this.receive(peer.ping(), peer.address);
    this.tables.moveSession(peer.token, roomId);
    return peer;
  }

  /** @returns what the relay sent for this packet at once */
  receive(packet: Uint8Array, from: UdpAddress, worker = 0): SentPacket[] {
    const before = this.sent.length;
    this.take(packet, from, worker);
    this.flush(worker);
    return this.sent.slice(before);
  }

  /** What the relay puts out over QUIC for one that came over QUIC. */
  receiveOverQuic(packet: Uint8Array, worker = 0): SentDatagram[] {
    this.takeOverQuic(packet, worker);
    this.flush(worker);
    return this.takeDatagrams(worker);
  }

  /** Hands over one packet of a batch that came over QUIC. */
  takeOverQuic(packet: Uint8Array, worker = 0): void {
    this.#relays[worker]!.receive(packet, packet.length, quicAddress);
  }

  /** Everything that waits for the main thread to be sent over QUIC. */
  takeDatagrams(worker = 0): SentDatagram[] {
    const inlet = new QuicInlet(this.#rings[worker]!, this.#limits.sessionsMax);
    const datagrams: SentDatagram[] = [];
    inlet.drain((token, packet) => datagrams.push({ token, bytes: new Uint8Array(packet) }));
    return datagrams;
  }

  /** Hands over one packet of a batch. */
  take(packet: Uint8Array, from: UdpAddress, worker = 0): void {
    if (!parsePackedAddress(from, this.#from)) this.#from.bytes.fill(0);
    this.#relays[worker]!.receive(packet, packet.length, this.#from.words);
  }

  /** Ends a batch. */
  flush(worker = 0): void {
    this.#relays[worker]!.flushDue();
  }

  /** When the relay has something to send; Infinity for never. */
  nextDueMs(worker = 0): number {
    return this.#relays[worker]!.nextDueMs;
  }

  /** How long packets may be left at the socket. */
  gatherMs(worker = 0): number {
    return this.#relays[worker]!.gatherMs;
  }

  /** What is handed over from now on was left at the socket so long. */
  leftAtSocket(milliseconds: number, worker = 0): void {
    this.#relays[worker]!.waitedMs[0] = milliseconds;
  }

  counters(): VoiceCounters {
    return this.#totals.read();
  }

  histograms(): VoiceHistograms {
    return this.#totals.readHistograms();
  }

  /** Another relay on the same tables, as after a crash. */
  replaceRelay(worker = 0): void {
    this.#relays[worker] = this.#makeRelay(worker);
  }

  #makeRelay(worker: number): Relay {
    const send = (packet: Uint8Array, offset: number, length: number, to: UdpAddress): void => {
      this.sent.push({ to, bytes: new Uint8Array(packet.subarray(offset, offset + length)) });
    };
    return new Relay({
      tables: attachRelayTables(this.tables.memory, this.#totals.memory, this.#limits, worker),
      limits: this.#limits,
      socket: new PortableBatchSocket({ send }, outgoingBytesOf(this.#limits)),
      quic: new QuicOutlet(this.#rings[worker]!, this.#limits.sessionsMax),
      peers: this.#peerRings[worker]!,
      bundleWindowMsMax: this.#bundleWindowMs,
      clock: { nowMs: this.#nowMs, epochMs: this.epochMs, read: () => undefined },
    });
  }
}

/** The counters that differ, and by how much. */
export function counted(before: VoiceCounters, after: VoiceCounters): Partial<VoiceCounters> {
  const names = Object.keys(after) as (keyof VoiceCounters)[];
  const moved = names.filter((name) => after[name] !== before[name]);
  return Object.fromEntries(moved.map((name) => [name, after[name] - before[name]]));
}
