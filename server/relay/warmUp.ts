import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pingBytes,
  VoiceKind,
  voicePacketBytesMin,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import type { FanOut } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { LinuxBatchSocket } from '@rookery/transport/linuxBatchSocket';
import { openLinuxUdpSockets, type LinuxUdpSocket } from '@rookery/transport/linuxUdpSocket';
import { makePackedAddress, parsePackedAddress } from '@rookery/transport/packedAddress';
import type { VoiceLimits } from '../limits.js';
import { CounterTotals } from '../tables/counterTable.js';
import { attachRelayTables } from '../tables/relayTables.js';
import { VoiceTables } from '../tables/voiceTables.js';
import { linuxRelayOptions, type LinuxRelayParts } from './linuxRelayParts.js';
import { QuicOutlet } from './quicOutlet.js';
import { Relay } from './relay.js';
import { QuicSource } from './relayThreadParts.js';
import { RelayTurns } from './relayTurns.js';

/** Code that was compiled for one relay is compiled again for another, and then serves all. */
const roundCount = 2;
const rooms = 2;
const speakers = 8;
/** As long as most frames of speech are. */
const payloadBytes = 100;
/** Packets that come at once. */
const batch = 3;
/** One packet in so many is a Ping. */
const pingInterval = 8;
/** More than ever waits, so that no packet is missed and waited for. */
const bufferBytes = 65_536;
/** Nothing is put into the rings. */
const ringBytes = 1_024;

/**
 * Relays made-up packets between made-up sessions, so that the first real ones are not relayed by
 * code that is interpreted yet, which takes a hundred times as long. They come through a socket
 * that this process alone knows, and go nowhere. Touches nothing shared.
 *
 * @returns packets that were relayed or answered
 * @throws TransportError where no socket can be had on the loopback address
 */
export function warmUpRelay(parts: LinuxRelayParts, limits: VoiceLimits): number {
  if (limits.warmUpPackets === 0) return 0;
  const { calls } = parts;
  const loopback = { host: '127.0.0.1', port: 0, sockets: 1, bufferBytes };
  const [bound] = openLinuxUdpSockets(calls, loopback);
  const wakeFd = calls.eventfd(0, 0);
  let packets = 0;
  try {
    for (let round = 0; round < roundCount; round++) {
      const traffic = new WarmUpTraffic(parts, limits, { ...bound!, wakeFd });
      for (let i = 0; i < limits.warmUpPackets && traffic.next(); i++);
      packets += traffic.packets;
    }
  } finally {
    calls.close(wakeFd);
    calls.close(bound!.fd);
  }
  return packets;
}

class WarmUpTraffic {
  readonly #turns: RelayTurns;
  readonly #tokens: readonly number[];
  readonly #hopKey = new Uint8Array(16);
  readonly #sender: LinuxBatchSocket;
  readonly #toRelay: FanOut;
  readonly #totals = new CounterTotals(1);
  #counter = 0;

  constructor(
    { calls, clock }: LinuxRelayParts,
    usualLimits: VoiceLimits,
    { fd, family, wakeFd, localAddress }: LinuxUdpSocket & { readonly wakeFd: number },
  ) {
    const limits: VoiceLimits = {
      ...usualLimits,
      sessionsMax: speakers,
      roomsMax: rooms,
      whisperListsMax: 1,
      whisperReceiversMax: 1,
      packetsBurst: usualLimits.warmUpPackets,
      receivePauseUs: 0,
    };
    const options = { ...linuxRelayOptions(usualLimits), fd, family, wakeFd };
    this.#sender = new LinuxBatchSocket(calls, options);
    this.#toRelay = this.#sender.openFanOut();
    this.#toRelay.resize(1);
    const address = makePackedAddress();
    parsePackedAddress(localAddress, address);
    this.#toRelay.setAddress(0, address.words, 0);
    const tables = new VoiceTables(limits, 1);
    const socket = new LinuxBatchSocket({ ...calls, sendmmsg: takeAll }, options);
    const ring = (): SpscRecordRing => new SpscRecordRing(createRecordRing(ringBytes));
    const relayParts = {
      tables: attachRelayTables(tables.memory, this.#totals.memory, limits, 0),
      limits,
      quic: new QuicOutlet(ring(), speakers),
      peers: [],
      fromQuic: ring(),
    };
    const relay = new Relay({ ...relayParts, socket, bundleWindowMsMax: 0, clock });
    const quicSource = new QuicSource(relayParts);
    this.#turns = new RelayTurns({
      ...relayParts.tables,
      socket,
      relay,
      quicSource,
      clock,
      limits,
    });
    this.#tokens = Array.from({ length: speakers }, () => tables.addSession(this.#hopKey));
    for (const token of this.#tokens) {
      tables.moveSession(token, `room ${token % rooms}`);
      this.#send(token, VoiceKind.Ping, pingBytes);
    }
  }

  /**
   * Another packet, and a turn of the relay where enough of them wait.
   *
   * @returns false where the machine has no loopback address that carries packets
   */
  next(): boolean {
    const counter = this.#counter;
    const token = this.#tokens[counter % speakers]!;
    const isPing = counter % pingInterval === 0;
    const isSent = isPing
      ? this.#send(token, VoiceKind.Ping, pingBytes)
      : this.#send(token, VoiceKind.Voice, voicePacketBytesMin + payloadBytes);
    if (isSent && counter % batch === 0) this.#turns.next();
    return isSent;
  }

  get packets(): number {
    return this.#totals.read().packetsIn;
  }

  #send(token: number, kind: VoiceKind, length: number): boolean {
    const { outgoing } = this.#sender;
    const header = { token, kind, epoch: 0, endOfSpurt: false, level: 0, timestamp: 0 };
    writeVoiceHeader(outgoing, 0, { ...header, counter: ++this.#counter });
    writeHopTag(outgoing, length - hopTagBytes, this.#hopKey);
    return this.#toRelay.send(0, length, nobody) === 1;
  }
}

/** In the place of sendmmsg: says that all was sent. */
const takeAll = (_fd: number, _entries: number, count: number): number => count;
