import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pingBytes,
  tokenSlot,
  VoiceKind,
  voicePacketBytesMin,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import type { FanOutSocket } from '@rookery/transport/batchSocket';
import { packedAddressWords } from '@rookery/transport/packedAddress';
import type { VoiceLimits } from '../limits.js';
import { CounterTotals } from '../tables/counterTable.js';
import { attachRelayTables } from '../tables/relayTables.js';
import { VoiceTables } from '../tables/voiceTables.js';
import { QuicOutlet } from './quicOutlet.js';
import { Relay } from './relay.js';
import type { RelayClock } from './relayClock.js';

/** Code that was compiled for one relay is compiled again for another, and then serves all. */
const rounds = 2;
/** Enough that the packet path is compiled for speed: some 100 ms in all. */
const packetsPerRound = 3_000;
const rooms = 2;
const speakers = 8;
/** As long as most frames of speech are. */
const payloadBytes = 100;
/** Packets that come at once. */
const batch = 3;
/** One packet in so many is a Ping. */
const pingInterval = 8;
/** Nothing is put into the ring. */
const ringBytes = 1_024;

/**
 * Relays made-up packets between made-up sessions, so that the first real ones are not relayed by
 * code that is interpreted yet, which takes a hundred times as long. Touches nothing shared.
 *
 * @param makeSocket makes sockets that send nothing
 */
export function warmUpRelay(
  limits: VoiceLimits,
  makeSocket: () => FanOutSocket,
  clock: RelayClock,
): void {
  for (let round = 0; round < rounds; round++) {
    const traffic = new WarmUpTraffic(limits, makeSocket(), clock);
    for (let i = 0; i < packetsPerRound; i++) traffic.next();
  }
}

class WarmUpTraffic {
  readonly #relay: Relay;
  readonly #tokens: readonly number[];
  readonly #hopKey = new Uint8Array(16);
  readonly #packet = new Uint8Array(voicePacketBytesMin + payloadBytes);
  readonly #from = new Int32Array(packedAddressWords);
  #counter = 0;

  constructor(limits: VoiceLimits, socket: FanOutSocket, clock: RelayClock) {
    const ownLimits: VoiceLimits = {
      ...limits,
      sessionsMax: speakers,
      roomsMax: rooms,
      whisperListsMax: 1,
      whisperReceiversMax: 1,
      packetsBurst: packetsPerRound,
    };
    const tables = new VoiceTables(ownLimits, 1);
    this.#relay = new Relay({
      tables: attachRelayTables(tables.memory, new CounterTotals(1).memory, ownLimits, 0),
      limits: ownLimits,
      socket,
      quic: new QuicOutlet(new SpscRecordRing(createRecordRing(ringBytes)), speakers),
      bundleWindowMsMax: 0,
      clock,
    });
    this.#tokens = Array.from({ length: speakers }, () => tables.addSession(this.#hopKey));
    for (const token of this.#tokens) {
      tables.moveSession(token, `room ${token % rooms}`);
      this.#send(token, VoiceKind.Ping, pingBytes);
    }
  }

  /** Another packet, and the end of the batch where it is full. */
  next(): void {
    const counter = this.#counter;
    const token = this.#tokens[counter % speakers]!;
    if (counter % pingInterval === 0) this.#send(token, VoiceKind.Ping, pingBytes);
    else this.#send(token, VoiceKind.Voice, this.#packet.length);
    if (counter % batch === 0) this.#relay.flushDue();
  }

  #send(token: number, kind: VoiceKind, length: number): void {
    const header = { token, kind, epoch: 0, endOfSpurt: false, level: 0, timestamp: 0 };
    writeVoiceHeader(this.#packet, 0, { ...header, counter: ++this.#counter });
    writeHopTag(this.#packet, length - hopTagBytes, this.#hopKey);
    this.#from[packedAddressWords - 1] = 1 + tokenSlot(token);
    this.#relay.receive(this.#packet, length, this.#from);
  }
}
