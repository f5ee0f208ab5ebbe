/** QUIC version 1 (RFC 9000 section 15), the only one spoken here. */
export const quicVersion1 = 1;

/** Every connection id that this project makes, bytes. 128 random bits cannot be guessed. */
export const connectionIdBytes = 16;

/** Longest connection id of version 1 (RFC 9000 section 17.2). */
export const connectionIdBytesMax = 20;

/** A UDP payload that carries a client's Initial is at least this long (RFC 9000 section 14.1). */
export const initialDatagramBytesMin = 1200;

export type PacketForm = 'short' | 'initial' | 'otherLong' | 'otherVersion';

/**
 * What of a packet can be read without keys. One object is filled again and again; offsets and
 * lengths are bytes within the packet that was read last.
 */
export class PacketHeader {
  form: PacketForm = 'short';
  version = 0;
  destinationOffset = 0;
  destinationBytes = 0;
  sourceOffset = 0;
  sourceBytes = 0;
  /** Only of an Initial; 0 bytes: no token. */
  tokenOffset = 0;
  tokenBytes = 0;

  /**
   * Reads the first packet of a datagram: the fields that all versions share (RFC 8999), and the
   * token of a version 1 Initial (RFC 9000 section 17.2.2).
   *
   * @returns false when the bytes end too early or a connection id is longer than version 1 allows
   */
  read(packet: Uint8Array): boolean {
    if (packet.length === 0) return false;
    const isLong = (packet[0]! & 0x80) !== 0;
    return isLong ? this.#readLong(packet) : this.#readShort(packet);
  }

  #readShort(packet: Uint8Array): boolean {
    this.form = 'short';
    this.destinationOffset = 1;
    this.destinationBytes = connectionIdBytes;
    this.sourceBytes = 0;
    this.tokenBytes = 0;
    return packet.length >= 1 + connectionIdBytes;
  }

  #readLong(packet: Uint8Array): boolean {
    if (packet.length < 7) return false;
    this.version =
      packet[1]! * 0x1_00_00_00 + ((packet[2]! << 16) | (packet[3]! << 8) | packet[4]!);
    this.destinationOffset = 6;
    this.destinationBytes = packet[5]!;
    const sourceLengthAt = this.destinationOffset + this.destinationBytes;
    if (this.destinationBytes > connectionIdBytesMax || sourceLengthAt >= packet.length) {
      return false;
    }
    this.sourceOffset = sourceLengthAt + 1;
    this.sourceBytes = packet[sourceLengthAt]!;
    const end = this.sourceOffset + this.sourceBytes;
    if (this.sourceBytes > connectionIdBytesMax || end > packet.length) return false;
    this.tokenOffset = 0;
    this.tokenBytes = 0;
    if (this.version !== quicVersion1) {
      this.form = 'otherVersion';
      return true;
    }
    const isInitial = (packet[0]! & 0x30) === 0;
    this.form = isInitial ? 'initial' : 'otherLong';
    return isInitial ? this.#readToken(packet, end) : true;
  }

  #readToken(packet: Uint8Array, lengthAt: number): boolean {
    if (lengthAt >= packet.length) return false;
    // Variable-length integer, RFC 9000 section 16. A token never needs more than two bytes of it.
    const first = packet[lengthAt]!;
    const lengthBytes = 1 << (first >> 6);
    if (lengthBytes > 2 || lengthAt + lengthBytes > packet.length) return false;
    this.tokenBytes = lengthBytes === 1 ? first : ((first & 0x3f) << 8) | packet[lengthAt + 1]!;
    this.tokenOffset = lengthAt + lengthBytes;
    return this.tokenOffset + this.tokenBytes <= packet.length;
  }
}
