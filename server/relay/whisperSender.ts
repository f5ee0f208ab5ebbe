import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import { isQuicAddress } from '../tables/pathTable.js';
import type { RelayTables } from '../tables/relayTables.js';
import { SessionFlag } from '../tables/sessionTable.js';
import type { QuicOutlet } from './quicOutlet.js';
import type { SessionPaths } from './sessionPaths.js';
import type { WhisperFault } from './whisperRoute.js';
import { WhisperRoute } from './whisperRoute.js';

/**
 * Sends whispers, each at once and as it is. Lists are short and change with every step of those
 * whom they name, so that nothing is laid out for them: each receiver is looked up as it stands.
 *
 * Relay worker only; allocates nothing but where more hear a whisper than ever before.
 */
export class WhisperSender {
  /** What the last `send` did. */
  readonly sent = { packets: 0, failures: 0, ringDrops: 0 };
  readonly #outgoing: Uint8Array;
  readonly #offset: number;
  readonly #sessions: RelayTables['sessions'];
  readonly #paths: SessionPaths;
  readonly #quic: QuicOutlet;
  readonly #route: WhisperRoute;
  readonly #fanOut: FanOut;

  /** @param offset where the longest packet can be put into the outgoing bytes */
  constructor(
    tables: RelayTables,
    paths: SessionPaths,
    socket: FanOutSocket,
    quic: QuicOutlet,
    offset: number,
  ) {
    this.#outgoing = socket.outgoing;
    this.#offset = offset;
    this.#sessions = tables.sessions;
    this.#paths = paths;
    this.#quic = quic;
    this.#route = new WhisperRoute(tables.whispers, tables.whisperLists);
    this.#fanOut = socket.openFanOut();
  }

  /** @param packet without its hop tag */
  send(packet: Uint8Array, length: number, listId: number, sender: number): WhisperFault | null {
    const fault = this.#route.find(listId, sender);
    if (fault !== null) return fault;
    const { sent } = this;
    for (let i = 0; i < length; i++) this.#outgoing[this.#offset + i] = packet[i]!;
    const onSocket = this.#layOut(sender);
    const onQuic = this.#quic.receiverCount;
    const taken = onSocket === 0 ? 0 : this.#fanOut.send(this.#offset, length, nobody);
    const isInRing = onQuic === 0 || this.#quic.send(packet, 0, length);
    sent.packets = taken + (isInRing ? onQuic : 0);
    sent.failures = onSocket - taken;
    sent.ringDrops = isInRing ? 0 : onQuic;
    return null;
  }

  /** @returns how many are to be sent to on the socket; the others are receivers of the outlet */
  #layOut(sender: number): number {
    const { tokens } = this.#route;
    this.#fanOut.resize(tokens.length);
    let count = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      const slot = tokenSlot(token);
      if (token === sender || !this.#mayHear(slot, token)) continue;
      if (this.#paths.find(slot, token) !== 'found') continue;
      if (isQuicAddress(this.#paths.address)) this.#quic.addReceiver(token);
      else this.#fanOut.setAddress(count++, this.#paths.address, 0);
    }
    this.#fanOut.resize(count);
    return count;
  }

  #mayHear(slot: number, token: number): boolean {
    const { columns } = this.#sessions;
    const isLive = columns.token.load(slot) === token;
    return isLive && (columns.flags.load(slot) & SessionFlag.Deafened) === 0;
  }
}
