import type { UdpAddress } from '@rookery/transport/udpSocket';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import type { SessionTable } from '../tables/sessionTable.js';
import { peerAddressBytes } from '../tables/sessionTable.js';
import { formatPeerAddress } from './peerAddress.js';

/**
 * Where each session is reached, in the form that the socket takes; made again only when the row's
 * version has moved. Relay worker only; an unchanged address allocates nothing.
 */
export class PeerBook {
  readonly #sessions: SessionTable;
  readonly #retriesMax: number;
  readonly #versions: Int32Array;
  readonly #owners: Uint32Array;
  readonly #addresses: (UdpAddress | null)[];
  readonly #bytes = new Uint8Array(peerAddressBytes);
  #token = 0;

  constructor(sessions: SessionTable, retriesMax: number) {
    this.#sessions = sessions;
    this.#retriesMax = retriesMax;
    // No row that can be read has an odd version.
    this.#versions = new Int32Array(sessions.rows).fill(-1);
    this.#owners = new Uint32Array(sessions.rows);
    this.#addresses = new Array<UdpAddress | null>(sessions.rows).fill(null);
  }

  /** @returns null where the session has not been heard from yet, or has left */
  addressOf(token: number): UdpAddress | null {
    const slot = tokenSlot(token);
    const version = this.#sessions.groups.relay.version(slot);
    if (version !== this.#versions[slot]) this.#look(slot, version);
    return this.#owners[slot] === token ? this.#addresses[slot]! : null;
  }

  #look(slot: number, version: number): void {
    const isWhole = this.#sessions.groups.relay.readRow(slot, this.#copyRow, this.#retriesMax);
    this.#addresses[slot] = isWhole ? formatPeerAddress(this.#bytes) : null;
    this.#owners[slot] = this.#token;
    this.#versions[slot] = isWhole ? version : -1;
  }

  readonly #copyRow = (row: number): void => {
    this.#token = this.#sessions.columns.relayToken.load(row);
    this.#sessions.columns.address.read(row, this.#bytes);
  };
}
