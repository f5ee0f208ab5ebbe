/**
 * Two parties of QUIC in one process that the bench makes work, without sockets between them. They
 * take turns, so that the CPU of the server's side can be told from that of the clients'.
 */
export interface QuicWork {
  /** CPU used on the server's side so far. */
  readonly serverCpu: CpuMeter;
  /** Shakes hands with `count` clients at once, and closes each connection again. */
  logIn(count: number): void;
  /** Connects `count` clients for `deliver`. */
  openAudience(count: number): void;
  /**
   * Sends `messages` messages to each of the audience's clients before anything is put out, and
   * takes them in over there.
   *
   * @returns how many bytes arrived
   */
  deliver(message: Uint8Array, messages: number): number;
}

/** Adds up the CPU time of pieces of work; a reading costs about a microsecond. */
export class CpuMeter {
  #micros = 0;

  get seconds(): number {
    return this.#micros / 1e6;
  }

  measure(work: () => void): void {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    this.#micros += user + system;
  }
}

/** Packets of one turn, kept until the other side's. */
export class PacketBatch<Place> {
  readonly #places: Place[] = [];
  readonly #packets: Uint8Array[] = [];

  get size(): number {
    return this.#packets.length;
  }

  /** Copies the packet. */
  add(place: Place, packet: Uint8Array, length: number): void {
    this.#places.push(place);
    this.#packets.push(packet.slice(0, length));
  }

  /** Hands each packet on and forgets it. */
  drain(take: (place: Place, packet: Uint8Array) => void): void {
    for (let i = 0; i < this.#packets.length; i++) take(this.#places[i]!, this.#packets[i]!);
    this.#places.length = 0;
    this.#packets.length = 0;
  }
}

export const workAlpn = 'rookery-bench';
export const serverAddress = { host: '192.0.2.1', port: 4640 };
export const clientAddress = { host: '198.51.100.7', port: 50_000 };
export const ticketKey = new Uint8Array(48).fill(3);
