import { DatagramKind } from '@rookery/schemas/protocol';
import { isSignal } from '@rookery/schemas/signalDatagram';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { Connection, Session } from './connection.js';

export interface VoiceDatagramsOptions {
  readonly voice: Pick<VoicePlane, 'receiveDatagram'>;
  /** The connection of a session, or null where it is gone. */
  readonly connectionOf: (sessionToken: number) => Connection | null;
  /** A datagram that is no voice, of who is logged in (schemas/signalDatagram.ts). */
  readonly onSignal: (session: Session, datagram: Uint8Array) => void;
  /** Called after datagrams were sent; any number of calls in one turn make one flush. */
  readonly wake: () => void;
}

/** Datagrams since the start; the packets in them are counted by the voice plane. */
export interface DatagramCounters {
  voiceIn: number;
  voiceOut: number;
  /** With a first byte that means nothing. */
  droppedKind: number;
  /** From a connection without a session. */
  droppedPhase: number;
  /** To a session that is gone, or whose connection takes no datagrams, or none as long. */
  droppedSend: number;
}

/**
 * Voice of clients whose voice port is blocked: QUIC datagrams, each a byte that says what it is,
 * then the packet as it would be on the voice port. A session speaks for itself alone: the voice
 * plane compares the packet's token. Main thread.
 */
export class VoiceDatagrams {
  readonly #options: VoiceDatagramsOptions;
  readonly #datagram = new Uint8Array(1 + voicePacketBytesMax);
  readonly #counters: DatagramCounters = {
    voiceIn: 0,
    voiceOut: 0,
    droppedKind: 0,
    droppedPhase: 0,
    droppedSend: 0,
  };

  constructor(options: VoiceDatagramsOptions) {
    this.#options = options;
    this.#datagram[0] = DatagramKind.Voice;
  }

  get counters(): Readonly<DatagramCounters> {
    return this.#counters;
  }

  /** @param bytes as they came, used during the call only */
  receive({ phase }: Connection, bytes: Uint8Array): void {
    const isVoice = bytes[0] === DatagramKind.Voice;
    if (!isVoice && !isSignal(bytes)) {
      this.#counters.droppedKind += 1;
    } else if (phase.name !== 'open') {
      this.#counters.droppedPhase += 1;
    } else if (!isVoice) {
      this.#options.onSignal(phase.session, bytes);
    } else {
      this.#counters.voiceIn += 1;
      this.#options.voice.receiveDatagram(phase.session.token, bytes.subarray(1));
    }
  }

  /** @param packet at most `voicePacketBytesMax`, used during the call only */
  send(sessionToken: number, packet: Uint8Array): void {
    const connection = this.#options.connectionOf(sessionToken);
    this.#datagram.set(packet, 1);
    if (connection?.sendDatagram(this.#datagram.subarray(0, 1 + packet.length)) !== true) {
      this.#counters.droppedSend += 1;
      return;
    }
    this.#counters.voiceOut += 1;
    this.#options.wake();
  }
}
